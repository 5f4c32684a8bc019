using System.Text;
using System.Text.Json.Nodes;
using ToolBackend.Vapi.Messages;

namespace ToolBackend.Vapi.Tests.Messages;

/// <summary>The recorded shapes of Samples/*.json; all people and numbers in them are fictional.</summary>
internal static class Samples
{
    public static IReadOnlyList<string> Names { get; } =
        [.. typeof(Samples).Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".json", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public static byte[] Bytes(string name)
    {
        using var stream = typeof(Samples).Assembly.GetManifestResourceStream(name) ?? throw new ArgumentException($"No sample {name}.", nameof(name));
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public static VapiMessage Read(string name) => VapiMessageReader.Read(Bytes(name));

    public static VapiMessage ReadText(string json) => VapiMessageReader.Read(Encoding.UTF8.GetBytes(json));

    public static MalformedReason Refusal(string json) => Refusal(Encoding.UTF8.GetBytes(json));

    public static MalformedReason Refusal(byte[] body) =>
        VapiMessageReader.TryRead(body, out _, out var error) ? MalformedReason.None : error.Reason;

    /// <summary>A tool-calls message around one list.</summary>
    public static VapiMessage ToolCalls(string list, string name = "toolCallList") =>
        ReadText($$$$"""{"message":{"type":"tool-calls","{{{{name}}}}":{{{{list}}}}}}""");

    public static JsonNode Json(this ReadOnlyMemory<byte> json) => JsonNode.Parse(json.Span)!;
}
