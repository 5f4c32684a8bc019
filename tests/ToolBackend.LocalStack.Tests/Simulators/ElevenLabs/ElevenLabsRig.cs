using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Audio;
using ToolBackend.LocalStack.Simulators.ElevenLabs;
using ToolBackend.LocalStack.Tests.Simulators.Sockets;

namespace ToolBackend.LocalStack.Tests.Simulators.ElevenLabs;

internal static class ElevenLabsRig
{
    public const string Query = "?model_id=eleven_flash_v2_5&output_format=ulaw_8000&";

    public static Task<SocketClient> StreamAsync(this ElevenLabsSimulator simulator, string query = "auto_mode=true") =>
        SocketClient.ConnectAsync($"{simulator.Url}/v1/text-to-speech/voice1/stream-input{Query}{query}", ("xi-api-key", simulator.ApiKey));

    public static Task<SocketClient> MultiAsync(this ElevenLabsSimulator simulator, string query = "auto_mode=true") =>
        SocketClient.ConnectAsync($"{simulator.Url}/v1/text-to-speech/voice1/multi-stream-input{Query}{query}", ("xi-api-key", simulator.ApiKey));

    public static string? Context(this JsonObject message) => (message["contextId"] ?? message["context_id"])?.GetValue<string>();

    public static bool IsFinal(this JsonObject message) => (message["isFinal"] ?? message["is_final"])?.GetValue<bool>() is true;

    public static byte[] Audio(this JsonObject message) => message["audio"] is { } audio ? Convert.FromBase64String(audio.GetValue<string>()) : [];

    public static byte[] Audio(this IEnumerable<JsonObject> messages, string? context = null) =>
        [.. messages.Where(message => context is null || message.Context() == context).SelectMany(message => message.Audio())];

    public static string Spoken(this IEnumerable<JsonObject> messages, string? context = null)
    {
        var reader = new AudibleTextReader();
        return string.Join(' ', reader.Push([.. messages.Audio(context), .. AudibleText.Silence(TimeSpan.FromMilliseconds(200))]).Select(word => word.Text));
    }

    /// <summary>Everything up to the final of a context.</summary>
    public static async Task<List<JsonObject>> UntilFinalAsync(this SocketClient client, string? context = null)
    {
        var messages = new List<JsonObject>();
        do
        {
            messages.Add(await client.NextAsync());
        }
        while (!messages[^1].IsFinal() || (context is not null && messages[^1].Context() != context));

        return messages;
    }
}
