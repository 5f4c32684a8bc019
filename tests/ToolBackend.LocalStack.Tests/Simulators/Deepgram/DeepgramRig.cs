using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Deepgram;
using ToolBackend.LocalStack.Simulators.Sockets;
using ToolBackend.LocalStack.Tests.Simulators.Sockets;

namespace ToolBackend.LocalStack.Tests.Simulators.Deepgram;

internal static class DeepgramRig
{
    public const string Phone = "encoding=mulaw&sample_rate=8000";

    public static Task<SocketClient> ConnectAsync(this DeepgramSimulator deepgram, string pathAndQuery) =>
        SocketClient.ConnectAsync($"{deepgram.Url}{pathAndQuery}&{Phone}", ("Authorization", "Token " + deepgram.ApiKey));

    public static string Type(this JsonObject message) => message["type"]!.GetValue<string>();

    public static string Event(this JsonObject message) => message["event"]?.GetValue<string>() ?? message.Type();

    public static string Heard(this JsonObject message) => message["channel"] is JsonObject channel
        ? channel["alternatives"]![0]!["transcript"]!.GetValue<string>()
        : message["transcript"]!.GetValue<string>();

    public static bool Is(this JsonObject message, string flag) => message[flag]?.GetValue<bool>() is true;

    /// <summary>Kinds of what was sent, updates and interims left out.</summary>
    public static IEnumerable<string> Turns(this SimulatedConnection connection) =>
        connection.Sent.Where(message => message.Kind is not ("Update" or "interim")).Select(message => message.Kind);
}
