using System.Text.Json;
using ToolBackend.Voice.Providers.Sockets;

namespace ToolBackend.Voice.Transcription.Deepgram;

/// <summary>Reads nova messages in one pass. <c>channel</c> is an object in results and an array elsewhere. A text that did not change costs no allocation.</summary>
internal sealed class NovaMessageReader
{
    private readonly TranscriptText _text = new();

    /// <summary>False for what is not a JSON object. Missing and wrong fields read as nothing.</summary>
    public bool TryRead(ReadOnlySpan<byte> utf8, out NovaMessage message)
    {
        try
        {
            return Read(utf8, out message);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            message = default;
            return false;
        }
    }

    private bool Read(ReadOnlySpan<byte> utf8, out NovaMessage message)
    {
        message = new NovaMessage(NovaKind.Other, "", 1, 0, 0, false, false, false, 0, null);
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
                message = message with { Kind = Kind(reader) };
            }
            else if (reader.ValueTextEquals("channel"u8))
            {
                message = Channel(ref reader, message);
            }
            else if (reader.ValueTextEquals("start"u8))
            {
                message = message with { Start = JsonField.Number(ref reader) ?? 0 };
            }
            else if (reader.ValueTextEquals("duration"u8))
            {
                message = message with { Duration = JsonField.Number(ref reader) ?? 0 };
            }
            else if (reader.ValueTextEquals("is_final"u8))
            {
                message = message with { IsFinal = JsonField.Flag(ref reader) };
            }
            else if (reader.ValueTextEquals("speech_final"u8))
            {
                message = message with { SpeechFinal = JsonField.Flag(ref reader) };
            }
            else if (reader.ValueTextEquals("from_finalize"u8))
            {
                message = message with { FromFinalize = JsonField.Flag(ref reader) };
            }
            else if (reader.ValueTextEquals("last_word_end"u8))
            {
                message = message with { LastWordEnd = JsonField.Number(ref reader) ?? 0 };
            }
            else if (reader.ValueTextEquals("err_code"u8) || reader.ValueTextEquals("code"u8))
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

    private static NovaKind Kind(in Utf8JsonReader reader) =>
        JsonField.Is(reader, "Results"u8) ? NovaKind.Results
        : JsonField.Is(reader, "SpeechStarted"u8) ? NovaKind.SpeechStarted
        : JsonField.Is(reader, "UtteranceEnd"u8) ? NovaKind.UtteranceEnd
        : JsonField.Is(reader, "Error"u8) ? NovaKind.Error
        : NovaKind.Other;

    private NovaMessage Channel(ref Utf8JsonReader reader, NovaMessage message)
    {
        reader.Read();
        if (reader.TokenType is not JsonTokenType.StartObject)
        {
            reader.Skip();
            return message;
        }

        while (JsonField.Next(ref reader))
        {
            if (reader.ValueTextEquals("alternatives"u8))
            {
                message = Alternatives(ref reader, message);
            }
            else
            {
                JsonField.Value(ref reader);
            }
        }

        return message;
    }

    /// <summary>The first is the best.</summary>
    private NovaMessage Alternatives(ref Utf8JsonReader reader, NovaMessage message)
    {
        reader.Read();
        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            reader.Skip();
            return message;
        }

        var first = true;
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            if (!first || reader.TokenType is not JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            first = false;
            while (JsonField.Next(ref reader))
            {
                if (reader.ValueTextEquals("transcript"u8))
                {
                    JsonField.Value(ref reader);
                    message = message with { Text = _text.Read(reader) };
                }
                else if (reader.ValueTextEquals("confidence"u8))
                {
                    message = message with { Confidence = Math.Clamp(JsonField.Number(ref reader) ?? 1, 0, 1) };
                }
                else
                {
                    JsonField.Value(ref reader);
                }
            }
        }

        return message;
    }
}
