using System.Text.Json;

namespace ToolBackend.LocalStack.Simulators.ElevenLabs;

/// <summary>A message of a client. Null members were absent.</summary>
/// <param name="VoiceSettings">As raw JSON.</param>
internal sealed record ClientMessage(
    string? Text, string? ContextId, bool Flush, bool Trigger, bool CloseContext, bool CloseSocket, string? VoiceSettings, IReadOnlyList<int>? Schedule, string? Key)
{
    /// <summary>Null when this is no message of ElevenLabs.</summary>
    public static ClientMessage? Read(ReadOnlySpan<byte> message)
    {
        try
        {
            var reader = new Utf8JsonReader(message);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            return new ClientMessage(
                TextOf(root, "text"),
                TextOf(root, "context_id"),
                FlagOf(root, "flush"),
                FlagOf(root, "try_trigger_generation"),
                FlagOf(root, "close_context"),
                FlagOf(root, "close_socket"),
                root.TryGetProperty("voice_settings", out var settings) && settings.ValueKind == JsonValueKind.Object ? settings.GetRawText() : null,
                ScheduleOf(root, "generation_config") ?? ScheduleOf(root, "generator_config"),
                TextOf(root, "xi_api_key") ?? TextOf(root, "xi-api-key"));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? TextOf(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetString() : null;

    private static bool FlagOf(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null && value.GetBoolean();

    private static List<int>? ScheduleOf(JsonElement root, string name) =>
        root.TryGetProperty(name, out var config) && config.ValueKind == JsonValueKind.Object && config.TryGetProperty("chunk_length_schedule", out var schedule)
            ? [.. schedule.EnumerateArray().Select(length => length.GetInt32())]
            : null;
}
