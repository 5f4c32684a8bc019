using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ToolBackend.Vapi.Sync.Comparison;
using ToolBackend.Vapi.Sync.World;

namespace ToolBackend.Cli.Sync;

/// <summary>Values as a plan shows them: no secret, no whole phone number, names for ids, nothing that moves a terminal's cursor.</summary>
internal sealed partial class Shown
{
    private const string Secret = "(secret)";

    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<string, string> _names = new(StringComparer.OrdinalIgnoreCase);

    public Shown(RemoteWorld world)
    {
        foreach (var resource in world.All.Where(resource => Guid.TryParse(resource.Id, out _)))
        {
            _names[resource.Id] = $"{resource.Name ?? resource.Kind.ToString()} ({resource.Id[..8]}, not ours)";
        }
    }

    /// <summary>A copy that may be printed.</summary>
    public JsonNode? Of(JsonNode? value)
    {
        switch (value)
        {
            case JsonObject members:
                return new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Of(member.Value))));
            case JsonArray items:
                return new JsonArray([.. items.Select(Of)]);
            case JsonValue when value.GetValueKind() == JsonValueKind.String:
                return JsonValue.Create(Text(value.GetValue<string>()));
            default:
                return value?.DeepClone();
        }
    }

    /// <summary>On one line, cut to a width.</summary>
    public string Line(JsonNode? value, int width)
    {
        var text = Of(value)?.ToJsonString(s_json) ?? "(none)";
        return text.Length <= width ? text : $"{text[..Math.Max(10, width - 22)]}... ({text.Length:N0} characters)";
    }

    public string Text(string text) => SecretFields.IsSealed(text) ? Secret
        : _names.TryGetValue(text, out var name) ? Masked(name)
        : Masked(text);

    // Line breaks stay: a text that has some is shown line by line.
    private static string Masked(string text) => Numbers().Replace(
        string.Join('\n', text.Split('\n').Select(Printable.Of)), number => $"{number.Value[..3]}{new string('*', number.Length - 5)}{number.Value[^2..]}");

    [GeneratedRegex(@"\+[1-9][0-9]{6,14}(?![0-9])", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Numbers();
}
