using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ToolBackend.Vapi.Definitions.Writing;

/// <summary>
/// Values as a file has to say them: <c>${variable}</c> where the file said so and it still stands for the value, line by line in long texts; <c>$${</c> for a
/// <c>${</c> that is meant.
/// </summary>
internal sealed partial class WrittenForms
{
    private readonly Dictionary<string, JsonNode?> _rendered = new(StringComparer.Ordinal);
    private readonly SourceMap? _source;

    /// <param name="existing">What the file says now, rendered. Null for a new file.</param>
    /// <param name="source">Where it says it.</param>
    public WrittenForms(JsonObject? existing, SourceMap? source)
    {
        _source = source;
        if (existing is not null && source is not null)
        {
            foreach (var (path, node) in JsonPaths.Walk(existing).Where(entry => entry.Node is JsonValue && source.WrittenAt(entry.Path) is not null))
            {
                _rendered[path] = node;
            }
        }
    }

    /// <summary>A copy of the value at a path, with every text as the file says it.</summary>
    public JsonNode? Of(JsonNode? value, string path) => value switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Of(member.Value, JsonPaths.Member(path, member.Key))))),
        JsonArray items => new JsonArray([.. items.Select((item, index) => Of(item, JsonPaths.Item(path, index)))]),
        JsonValue scalar => OfScalar(scalar, path),
        _ => null,
    };

    private JsonNode OfScalar(JsonValue value, string path)
    {
        var written = _rendered.TryGetValue(path, out var rendered) ? _source!.WrittenAt(path)! : null;
        if (written is not null && JsonNode.DeepEquals(rendered, value))
        {
            return JsonValue.Create(written);
        }

        if (value.GetValueKind() != JsonValueKind.String)
        {
            return value.DeepClone();
        }

        var text = value.GetValue<string>();
        return JsonValue.Create(written is not null && rendered.AsText() is { } before ? LineByLine(text, before, written) : Escaped(text));
    }

    /// <summary>A text that stands for itself when a file is read. Names of secrets stay names.</summary>
    public static string Escaped(string text) => Opening().Replace(text, "$$$${");

    // A line that is as it was keeps what it was written with; somebody changed the others at Vapi.
    private static string LineByLine(string text, string before, string written)
    {
        var (rendered, forms) = (before.Split('\n'), written.Split('\n'));
        if (rendered.Length != forms.Length)
        {
            return Escaped(text);
        }

        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (line, form) in rendered.Zip(forms).Where(pair => pair.First != pair.Second))
        {
            known.TryAdd(line, form);
        }

        return string.Join('\n', text.Split('\n').Select(line => known.GetValueOrDefault(line) ?? Escaped(line)));
    }

    [GeneratedRegex(@"\$\{(?!secret:[A-Za-z_][A-Za-z0-9_]*\})", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Opening();
}
