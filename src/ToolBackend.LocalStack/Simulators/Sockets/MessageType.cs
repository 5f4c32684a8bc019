using System.Text.Json;

namespace ToolBackend.LocalStack.Simulators.Sockets;

internal static class MessageType
{
    /// <summary>The member <c>type</c> of a JSON object; empty when there is none, null when this is no JSON object.</summary>
    public static string? Of(ReadOnlySpan<byte> message)
    {
        try
        {
            var reader = new Utf8JsonReader(message);
            using var document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            return document.RootElement.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString()! : string.Empty;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
