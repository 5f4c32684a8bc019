using System.Text;
using System.Text.Json;
using ToolBackend.Voice.Providers.Sockets;

namespace ToolBackend.Voice.Transcription.AssemblyAi;

/// <summary>Reads AssemblyAI's messages in one pass. Its times are milliseconds.</summary>
internal sealed class AssemblyAiMessageReader
{
    private readonly TranscriptText _final = new();
    private readonly TranscriptText _utterance = new();
    private readonly StringBuilder _words = new();

    /// <summary>False for what is not a JSON object. Missing and wrong fields read as nothing.</summary>
    public bool TryRead(ReadOnlySpan<byte> utf8, out AssemblyAiMessage message)
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

    private bool Read(ReadOnlySpan<byte> utf8, out AssemblyAiMessage message)
    {
        message = new AssemblyAiMessage(AssemblyAiKind.Other, -1, false, "", "", "", 1, null, 0, null);
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
                message = message with { Kind = Kind(reader, message.Kind) };
            }
            else if (reader.ValueTextEquals("turn_order"u8))
            {
                message = message with { Turn = JsonField.Number(ref reader) is >= 0 and < int.MaxValue and var order ? (int)order : -1 };
            }
            else if (reader.ValueTextEquals("end_of_turn"u8))
            {
                message = message with { EndOfTurn = JsonField.Flag(ref reader) };
            }
            else if (reader.ValueTextEquals("transcript"u8))
            {
                JsonField.Value(ref reader);
                message = message with { Final = _final.Read(reader) };
            }
            else if (reader.ValueTextEquals("utterance"u8))
            {
                JsonField.Value(ref reader);
                message = message with { Utterance = _utterance.Read(reader) };
            }
            else if (reader.ValueTextEquals("words"u8))
            {
                message = Words(ref reader, message);
            }
            else if (reader.ValueTextEquals("error_code"u8))
            {
                message = message with { Code = (int)Math.Clamp(JsonField.Number(ref reader) ?? 0, 0, 9999) };
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                message = JsonField.Text(ref reader) is { } error ? message with { Error = error, Kind = AssemblyAiKind.Error } : message;
            }
            else
            {
                JsonField.Value(ref reader);
            }
        }

        return JsonField.IsAtEnd(ref reader);
    }

    private static AssemblyAiKind Kind(in Utf8JsonReader reader, AssemblyAiKind known) =>
        JsonField.Is(reader, "Turn"u8) ? AssemblyAiKind.Turn
        : JsonField.Is(reader, "SpeechStarted"u8) ? AssemblyAiKind.SpeechStarted
        : JsonField.Is(reader, "Error"u8) ? AssemblyAiKind.Error
        : known;

    private AssemblyAiMessage Words(ref Utf8JsonReader reader, AssemblyAiMessage message)
    {
        reader.Read();
        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            reader.Skip();
            return message;
        }

        _words.Clear();
        var (sum, count, end) = (0.0, 0, (double?)null);
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            if (reader.TokenType is not JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            while (JsonField.Next(ref reader))
            {
                if (reader.ValueTextEquals("text"u8))
                {
                    _words.Append(_words.Length > 0 ? " " : "").Append(JsonField.Text(ref reader)?.Trim());
                }
                else if (reader.ValueTextEquals("confidence"u8))
                {
                    (sum, count) = (sum + (JsonField.Number(ref reader) ?? 1), count + 1);
                }
                else if (reader.ValueTextEquals("end"u8))
                {
                    end = JsonField.Number(ref reader) / 1000;
                }
                else
                {
                    JsonField.Value(ref reader);
                }
            }
        }

        return message with { Words = _words.ToString().Trim(), Confidence = count == 0 ? 1 : Math.Clamp(sum / count, 0, 1), HeardTo = end };
    }
}
