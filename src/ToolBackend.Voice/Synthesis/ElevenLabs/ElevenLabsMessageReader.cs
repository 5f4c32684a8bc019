using System.Text;
using System.Text.Json;
using ToolBackend.Voice.Providers.Sockets;

namespace ToolBackend.Voice.Synthesis.ElevenLabs;

/// <summary>Reads messages of multi-stream-input. Keys are spelled in two ways by the vendor, both are read.</summary>
internal static class ElevenLabsMessageReader
{
    /// <summary>False for what is not a JSON object. Missing and wrong fields read as nothing.</summary>
    public static bool TryRead(ReadOnlySpan<byte> utf8, out ElevenLabsMessage message)
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

    private static bool Read(ReadOnlySpan<byte> utf8, out ElevenLabsMessage message)
    {
        message = default;
        var reader = new Utf8JsonReader(utf8);
        if (!JsonField.Open(ref reader))
        {
            return false;
        }

        while (JsonField.Next(ref reader))
        {
            if (reader.ValueTextEquals("audio"u8))
            {
                JsonField.Value(ref reader);
                message = message with { Audio = reader.TokenType is JsonTokenType.String && reader.TryGetBytesFromBase64(out var audio) ? audio : null };
            }
            else if (reader.ValueTextEquals("contextId"u8) || reader.ValueTextEquals("context_id"u8))
            {
                message = message with { Context = JsonField.Text(ref reader) ?? message.Context };
            }
            else if (reader.ValueTextEquals("isFinal"u8) || reader.ValueTextEquals("is_final"u8))
            {
                message = message with { IsFinal = JsonField.Flag(ref reader) || message.IsFinal };
            }
            else if (reader.ValueTextEquals("alignment"u8))
            {
                message = message with { Alignment = Alignment(ref reader) };
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                message = message with { Error = JsonField.Text(ref reader) };
            }
            else if (reader.ValueTextEquals("message"u8))
            {
                message = message with { Text = JsonField.Text(ref reader) };
            }
            else
            {
                JsonField.Value(ref reader);
            }
        }

        return JsonField.IsAtEnd(ref reader);
    }

    /// <summary>Null when characters and times do not fit together.</summary>
    private static SpeechAlignment? Alignment(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is not JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        List<string>? characters = null;
        List<int>? starts = null;
        while (JsonField.Next(ref reader))
        {
            if (reader.ValueTextEquals("chars"u8))
            {
                characters = Characters(ref reader);
            }
            else if (reader.ValueTextEquals("charStartTimesMs"u8) || reader.ValueTextEquals("charsStartTimesMs"u8))
            {
                starts = Starts(ref reader);
            }
            else
            {
                JsonField.Value(ref reader);
            }
        }

        return characters is null || starts is null || characters.Count != starts.Count ? null : Join(characters, starts);
    }

    /// <summary>A character outside the basic plane is two of UTF-16.</summary>
    private static SpeechAlignment Join(List<string> characters, List<int> starts)
    {
        var text = new StringBuilder(characters.Count);
        var times = new List<int>(characters.Count);
        for (var i = 0; i < characters.Count; i++)
        {
            text.Append(characters[i]);
            for (var unit = 0; unit < characters[i].Length; unit++)
            {
                times.Add(starts[i]);
            }
        }

        return new SpeechAlignment(text.ToString(), times);
    }

    private static List<string>? Characters(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            reader.Skip();
            return null;
        }

        var all = new List<string>();
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            if (reader.TokenType is JsonTokenType.String)
            {
                all.Add(OneLetter(reader) ?? reader.GetString()!);
            }
            else
            {
                reader.Skip();
            }
        }

        return all;
    }

    /// <summary>Plain letters are the common case and need no string of their own.</summary>
    private static string? OneLetter(in Utf8JsonReader reader) => reader is { ValueSpan: [var letter], ValueIsEscaped: false } && letter < 128 ? s_letters[letter] : null;

    private static readonly string[] s_letters = [.. Enumerable.Range(0, 128).Select(static c => ((char)c).ToString())];

    private static List<int>? Starts(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            reader.Skip();
            return null;
        }

        var all = new List<int>();
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            if (reader.TokenType is JsonTokenType.Number && reader.TryGetDouble(out var start) && double.IsFinite(start))
            {
                all.Add((int)Math.Clamp(start, 0, 600_000));
            }
            else
            {
                reader.Skip();
            }
        }

        return all;
    }
}
