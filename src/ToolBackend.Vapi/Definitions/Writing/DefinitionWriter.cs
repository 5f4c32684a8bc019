using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions.Files;

namespace ToolBackend.Vapi.Definitions.Writing;

/// <summary>A resource holds something that no definition file can say; the message says what, without its value.</summary>
public sealed class DefinitionUnwritableException(string message) : Exception(message);

/// <summary>
/// Resources as definition files. Every text that it returns was read back and says exactly what was to be written; in an existing file only the members that differ
/// are written anew, so that comments, order and <c>${variables}</c> of all others stay.
/// </summary>
/// <param name="environment">Whose variables the files are read with.</param>
/// <param name="readEnvironmentVariable">The process environment, for <c>${env:NAME}</c>.</param>
public sealed class DefinitionWriter(EnvironmentSettings environment, Func<string, string?> readEnvironmentVariable)
{
    private readonly Variables _variables = new(environment, readEnvironmentVariable);

    /// <summary>Where a new resource belongs, relative to the definitions folder.</summary>
    public static string FileOf(ResourceKind kind, string name) => $"{kind.Folder()}/{name}.{(kind is ResourceKind.Assistant ? "md" : "yaml")}";

    /// <summary>The content of a new file.</summary>
    /// <param name="name">Of the resource: the file's name without extension.</param>
    /// <param name="body">References by name, secrets as <c>${secret:NAME}</c>.</param>
    /// <param name="routing">For the <c>routing:</c> of a phone number; null for none.</param>
    /// <exception cref="DefinitionUnwritableException">It cannot be said in a file.</exception>
    public string New(ResourceKind kind, string name, JsonObject body, NumberRouting? routing = null)
    {
        RefuseHalfCharacters(body);
        var root = DefinitionText.Ordered(body);
        AddRouting(root, routing);
        var file = FileOf(kind, name);
        var text = DefinitionText.Of(kind, file, (JsonObject)new WrittenForms(null, null).Of(root, "")!);
        return SaysThis(text, file, kind, name, body, fallback: null, routing) ? text : throw new DefinitionUnwritableException("it holds something that no file can say");
    }

    /// <summary>The new content of an existing file; null when it says this already.</summary>
    /// <param name="content">What the file holds now.</param>
    /// <param name="existing">The same, as it was loaded.</param>
    /// <param name="body">What it is to say: names of references, secrets as <c>${secret:NAME}</c>. <c>fallback:</c> stays as it is.</param>
    /// <param name="routing">What <c>routing:</c> is to say; null for none.</param>
    /// <exception cref="DefinitionUnwritableException">It cannot be said in a file.</exception>
    public string? Edit(string content, ResourceDefinition existing, JsonObject body, NumberRouting? routing)
    {
        if (JsonNode.DeepEquals(existing.Body, body) && existing.Routing == routing)
        {
            return null;
        }

        RefuseHalfCharacters(body);
        var source = new SourceText(existing.Location.File, content.TrimStart('\ufeff').ReplaceLineEndings("\n"));
        var before = Root(existing.Body, existing.Fallback, existing.Routing, existing);
        var wanted = Root(body, existing.Fallback, routing, existing);
        var forms = new WrittenForms(before, existing.Source);
        var (old, now) = ((JsonObject)forms.Of(before, "")!, (JsonObject)forms.Of(wanted, "")!);

        var text = new DefinitionEdit(source, existing.Source).Apply(old, now);
        if (text is null || !SaysThis(text, source.File, existing.Kind, existing.Name, body, existing.Fallback, routing))
        {
            text = DefinitionText.Of(existing.Kind, source.File, now);
            if (!SaysThis(text, source.File, existing.Kind, existing.Name, body, existing.Fallback, routing))
            {
                throw new DefinitionUnwritableException("it holds something that no file can say");
            }
        }

        return content.Contains("\r\n", StringComparison.Ordinal) ? text.Replace("\n", "\r\n", StringComparison.Ordinal) : text;
    }

    // Names that the loader takes from the file's name are left to it.
    private static JsonObject Root(JsonObject body, JsonObject? fallback, NumberRouting? routing, ResourceDefinition existing)
    {
        var root = (JsonObject)body.DeepClone();
        if (root.TextAt("name") == existing.Name && !existing.Source.TryKey("name", out _))
        {
            root.Remove("name");
        }

        if (root["function"] is JsonObject function && function.TextAt("name") == existing.Name && !existing.Source.TryKey("function.name", out _))
        {
            function.Remove("name");
        }

        AddRouting(root, routing);
        if (fallback is not null)
        {
            root["fallback"] = fallback.DeepClone();
        }

        return root;
    }

    private static void AddRouting(JsonObject root, NumberRouting? routing)
    {
        if (routing is null)
        {
            return;
        }

        var addresses = new JsonObject();
        foreach (var (name, address) in new[] { ("voiceUrl", routing.VoiceUrl), ("voiceFallbackUrl", routing.VoiceFallbackUrl), ("statusCallback", routing.StatusCallback) })
        {
            if (address is not null)
            {
                addresses[name] = address;
            }
        }

        root["routing"] = addresses;
    }

    private bool SaysThis(string text, string file, ResourceKind kind, string name, JsonObject body, JsonObject? fallback, NumberRouting? routing)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > SourceText.Largest)
        {
            throw new DefinitionUnwritableException($"its file would have {bytes.Length} bytes, more than {SourceText.Largest}");
        }

        // Findings about the resource are the validator's business; here only what was read counts.
        var findings = new Findings();
        return SourceText.Decode(file, bytes, findings) is { } source
            && ResourceReader.Read(source, kind, name, _variables, findings) is { } read
            && JsonNode.DeepEquals(read.Body, WithName(body, read.Body)) && JsonNode.DeepEquals(read.Fallback, fallback) && read.Routing == routing;
    }

    // A resource without a name gets one from its file.
    private static JsonObject WithName(JsonObject body, JsonObject read)
    {
        if (body.ContainsKey("name") || !read.ContainsKey("name"))
        {
            return body;
        }

        var named = (JsonObject)body.DeepClone();
        named["name"] = read["name"]?.DeepClone();
        return named;
    }

    private static void RefuseHalfCharacters(JsonObject body)
    {
        foreach (var (path, node) in JsonPaths.Walk(body).Where(entry => entry.Node?.GetValueKind() is JsonValueKind.String))
        {
            try
            {
                if (!HasHalfCharacter(node!.GetValue<string>()))
                {
                    continue;
                }
            }
            catch (InvalidOperationException)
            {
                // The JSON parser's word for the same, when it was escaped.
            }

            throw new DefinitionUnwritableException($"{path} holds half a character");
        }
    }

    private static bool HasHalfCharacter(string text)
    {
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var length) != System.Buffers.OperationStatus.Done)
            {
                return true;
            }

            rest = rest[length..];
        }

        return false;
    }
}
