using System.Text;
using System.Text.Json.Nodes;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Vapi.Calls;
using ToolBackend.Vapi.Messages;
using ToolBackend.Vapi.Tests.Messages;

namespace ToolBackend.Vapi.Tests.Calls;

/// <summary>Reads samples and made-up messages as the webhook does.</summary>
internal static class Reads
{
    public const string CallId = "0d9c3f8e-7b1a-4c51-9d0e-2f6f1c7a9b10";

    public static readonly DateTimeOffset ReceivedAt = new(2026, 11, 20, 10, 10, 0, TimeSpan.Zero);

    public static ReadEvent? Sample(string name, ContentPolicy? policy = null) => Bytes(Samples.Bytes(name + ".json"), policy);

    public static ReadEvent? Bytes(byte[] body, ContentPolicy? policy = null) =>
        VapiEventReader.Read(body, VapiMessageReader.Read(body), ReceivedAt, policy ?? ContentPolicy.Default);

    /// <summary>A message with a call id, of a type and with more members.</summary>
    public static ReadEvent Message(string type, string members, ContentPolicy? policy = null) => Bytes(Body(type, members), policy)!;

    public static byte[] Body(string type, string members) =>
        Encoding.UTF8.GetBytes($$$$"""{"message":{"type":"{{{{type}}}}","timestamp":1763632810123,"call":{"id":"{{{{CallId}}}}"},{{{{members}}}}}}""");

    public static CallFacts Facts(string name) => Sample(name)!.ToStore!.Event.Facts;

    /// <summary>Everything of an event that somebody may see or store, but the control address.</summary>
    public static string Everything(this ReadEvent read) => string.Join('\n', read, read.ToStore, read.Live, read.Live?.Text, read.Live?.Role, read.ToStore?.Event, read.ToStore?.Event.Type,
        read.ToStore is { } stored ? Everything(stored) : null);

    public static string Everything(this ReportedEvent stored) => string.Join('\n', stored, stored.Event, Text(stored.Body), Encoding.UTF8.GetString(stored.Event.Facts.ToJson()), stored.ControlUrl);

    public static string? Text(byte[]? body) => body is null ? null : Encoding.UTF8.GetString(body);

    public static JsonNode Json(this ReadEvent read) => JsonNode.Parse(read.ToStore!.Body)!["message"]!;

    public static byte[] Snapshot(string name = "call")
    {
        using var stream = typeof(Reads).Assembly.GetManifestResourceStream(name + ".snapshot")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
