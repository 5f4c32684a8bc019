using System.Text.Json;
using ToolBackend.Voice.Providers.Sockets;

namespace ToolBackend.Voice.Transcription.Deepgram;

/// <summary>Reads Flux messages in one pass. A text that did not change costs no allocation.</summary>
internal sealed class FluxMessageReader
{
    private readonly TranscriptText _text = new();

    /// <summary>False for what is not a JSON object. Missing and wrong fields read as nothing.</summary>
    public bool TryRead(ReadOnlySpan<byte> utf8, out FluxMessage message)
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

    private bool Read(ReadOnlySpan<byte> utf8, out FluxMessage message)
    {
        var (type, kind, turn, text, words, end, heardTo, code) = (FluxKind.Other, FluxKind.Other, -1, "", 1.0, 1.0, (double?)null, (string?)null);
        var isTurnInfo = false;
        var reader = new Utf8JsonReader(utf8);
        if (!JsonField.Open(ref reader))
        {
            message = default;
            return false;
        }

        while (JsonField.Next(ref reader))
        {
            if (reader.ValueTextEquals("type"u8))
            {
                JsonField.Value(ref reader);
                isTurnInfo = JsonField.Is(reader, "TurnInfo"u8);
                type = JsonField.Is(reader, "Error"u8) ? FluxKind.Error : FluxKind.Other;
            }
            else if (reader.ValueTextEquals("event"u8))
            {
                JsonField.Value(ref reader);
                kind = Event(reader);
            }
            else if (reader.ValueTextEquals("turn_index"u8))
            {
                turn = JsonField.Number(ref reader) is >= 0 and < int.MaxValue and var index ? (int)index : -1;
            }
            else if (reader.ValueTextEquals("transcript"u8))
            {
                JsonField.Value(ref reader);
                text = _text.Read(reader);
            }
            else if (reader.ValueTextEquals("words"u8))
            {
                words = WordConfidence.Read(ref reader);
            }
            else if (reader.ValueTextEquals("end_of_turn_confidence"u8))
            {
                end = Math.Clamp(JsonField.Number(ref reader) ?? 1, 0, 1);
            }
            else if (reader.ValueTextEquals("audio_window_end"u8))
            {
                heardTo = JsonField.Number(ref reader);
            }
            else if (reader.ValueTextEquals("code"u8))
            {
                code = JsonField.Text(ref reader);
            }
            else
            {
                JsonField.Value(ref reader);
            }
        }

        message = new FluxMessage(isTurnInfo ? kind : type, turn, text, words, end, heardTo, code);
        return JsonField.IsAtEnd(ref reader);
    }

    private static FluxKind Event(in Utf8JsonReader reader) =>
        JsonField.Is(reader, "Update"u8) ? FluxKind.Update
        : JsonField.Is(reader, "StartOfTurn"u8) ? FluxKind.StartOfTurn
        : JsonField.Is(reader, "EagerEndOfTurn"u8) ? FluxKind.EagerEndOfTurn
        : JsonField.Is(reader, "TurnResumed"u8) ? FluxKind.TurnResumed
        : JsonField.Is(reader, "EndOfTurn"u8) ? FluxKind.EndOfTurn
        : FluxKind.Other;
}
