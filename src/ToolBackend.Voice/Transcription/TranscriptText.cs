using System.Text.Json;

namespace ToolBackend.Voice.Transcription;

/// <summary>Reads a text that vendors repeat in message after message: the same bytes give the same string, without allocating.</summary>
internal sealed class TranscriptText
{
    private byte[] _lastBytes = [];
    private int _lastLength;
    private string _last = "";

    /// <summary>The string value at the reader, trimmed. Anything but a string is empty.</summary>
    /// <exception cref="JsonException">Not valid UTF-8 or a broken escape.</exception>
    public string Read(in Utf8JsonReader reader)
    {
        if (reader.TokenType is not JsonTokenType.String || reader.ValueSpan.IsEmpty)
        {
            return "";
        }

        if (reader.ValueSpan.SequenceEqual(_lastBytes.AsSpan(0, _lastLength)))
        {
            return _last;
        }

        string text;
        try
        {
            text = reader.GetString()!.Trim();
        }
        catch (InvalidOperationException broken)
        {
            throw new JsonException("Not a text.", broken);
        }

        if (_lastBytes.Length < reader.ValueSpan.Length)
        {
            _lastBytes = new byte[Math.Max(256, reader.ValueSpan.Length * 2)];
        }

        reader.ValueSpan.CopyTo(_lastBytes);
        (_lastLength, _last) = (reader.ValueSpan.Length, text);
        return text;
    }
}
