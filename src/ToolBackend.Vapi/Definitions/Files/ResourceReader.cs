using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions.Schemas;

namespace ToolBackend.Vapi.Definitions.Files;

/// <summary>One definition file to one resource.</summary>
internal static class ResourceReader
{
    private const string Fence = "---";

    /// <summary>Null when the file is not YAML; otherwise whatever could be read, also when it does not fit its schema.</summary>
    public static ResourceDefinition? Read(SourceText source, ResourceKind kind, string name, Variables variables, Findings findings)
    {
        var places = new Places();
        var prompt = default(Prompt);
        JsonObject? root;
        if (source.File.EndsWith(".md", StringComparison.Ordinal))
        {
            if (Split(source, findings) is not var (yaml, body))
            {
                return null;
            }
            prompt = body;
            root = YamlReader.Read(source, yaml, linesBefore: 1, places, findings);
        }
        else
        {
            root = YamlReader.Read(source, source.Content, linesBefore: 0, places, findings);
        }

        if (root is null)
        {
            return null;
        }

        AddPrompt(root, prompt, source, places, findings);
        variables.FillIn(root, "", places, findings);
        AddName(root, kind, name);
        var map = places.ToMap(source.Start);
        ShapeCheck.Report(root, DefinitionSchemas.Of(kind), map, findings);

        var fallback = root["fallback"] as JsonObject;
        var routing = root["routing"] as JsonObject;
        root.Remove("fallback");
        root.Remove("routing");
        return new ResourceDefinition(kind, name, root, fallback, map)
        {
            Routing = routing is null ? null : new NumberRouting(routing.TextAt("voiceUrl"), routing.TextAt("voiceFallbackUrl"), routing.TextAt("statusCallback")),
        };
    }

    private static (string Yaml, Prompt Body)? Split(SourceText source, Findings findings)
    {
        var lines = source.Lines;
        if (lines[0].TrimEnd() != Fence)
        {
            findings.Error(source.Start, Rules.FrontMatter, "the file does not begin with ---", "begin with ---, the fields and ---; the system prompt comes below");
            return null;
        }

        var end = 1;
        while (end < lines.Count && lines[end].TrimEnd() != Fence)
        {
            end++;
        }
        if (end == lines.Count)
        {
            findings.Error(source.Start, Rules.FrontMatter, "the front matter does not end", "end the fields with a line ---");
            return null;
        }

        var first = end + 1;
        while (first < lines.Count && string.IsNullOrWhiteSpace(lines[first]))
        {
            first++;
        }
        // With its last line end: a block of text in the last field ends with it.
        return (string.Concat(lines.Take(end).Skip(1).Select(line => line + "\n")), new Prompt(string.Join('\n', lines.Skip(first)).TrimEnd(), first + 1));
    }

    /// <summary>Puts the text below the front matter where Vapi wants it: the first message, with role system.</summary>
    private static void AddPrompt(JsonObject root, Prompt prompt, SourceText source, Places places, Findings findings)
    {
        if (string.IsNullOrEmpty(prompt.Text))
        {
            return;
        }
        if (!root.ContainsKey("model"))
        {
            root["model"] = new JsonObject();
        }
        if (root["model"] is not JsonObject model)
        {
            return; // the schema says what is wrong with it
        }

        foreach (var (message, path) in root.ObjectsAt("model.messages").Where(m => m.Item.TextAt("role") == "system"))
        {
            findings.Error(places.Values[path], Rules.FrontMatter, "the system prompt is written twice: here and below the front matter", "keep the one below");
        }

        places.Shift("model.messages");
        var content = new JsonObject { ["role"] = "system", ["content"] = prompt.Text };
        if (model["messages"] is JsonArray messages)
        {
            messages.Insert(0, content);
        }
        else
        {
            model["messages"] = new JsonArray(content);
        }

        const string Path = "model.messages[0].content";
        var at = new SourceLocation(source.File, prompt.Line, 1);
        places.Values["model.messages[0]"] = at;
        places.Values[Path] = at;
        places.Texts[Path] = new TextOrigin(at, 0);
    }

    private static void AddName(JsonObject root, ResourceKind kind, string name)
    {
        if (kind is not ResourceKind.Tool || root.TextAt("type") == "apiRequest")
        {
            root.TryAdd("name", JsonValue.Create(name));
        }
        else if (root["function"] is JsonObject function)
        {
            function.TryAdd("name", JsonValue.Create(name));
        }
    }

    /// <param name="Line">Of the first character.</param>
    private readonly record struct Prompt(string Text, int Line);
}
