using System.Text.Json;
using ToolBackend.Voice.Providers.Sockets;

namespace ToolBackend.Voice.Synthesis.Deepgram;

internal enum AuraKind
{
    /// <summary>Metadata, Warning and what may come to be.</summary>
    Other,
    Flushed,
    Cleared,
    Error,
}

/// <summary>A text message of Aura; audio is binary.</summary>
internal readonly record struct AuraMessage(AuraKind Kind, string? Code)
{
    /// <summary>False for what is not a JSON object. Missing and wrong fields read as nothing.</summary>
    public static bool TryRead(ReadOnlySpan<byte> utf8, out AuraMessage message)
    {
        message = default;
        try
        {
            var reader = new Utf8JsonReader(utf8);
            if (!JsonField.Open(ref reader))
            {
                return false;
            }

            while (JsonField.Next(ref reader))
            {
                if (reader.ValueTextEquals("type"u8))
                {
                    JsonField.Value(ref reader);
                    message = message with { Kind = KindOf(reader) };
                }
                else if (reader.ValueTextEquals("code"u8) || reader.ValueTextEquals("err_code"u8))
                {
                    message = message with { Code = JsonField.Text(ref reader) };
                }
                else
                {
                    JsonField.Value(ref reader);
                }
            }

            return JsonField.IsAtEnd(ref reader);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            message = default;
            return false;
        }
    }

    private static AuraKind KindOf(in Utf8JsonReader reader) =>
        JsonField.Is(reader, "Flushed"u8) ? AuraKind.Flushed
        : JsonField.Is(reader, "Cleared"u8) ? AuraKind.Cleared
        : JsonField.Is(reader, "Error"u8) ? AuraKind.Error
        : AuraKind.Other;
}
