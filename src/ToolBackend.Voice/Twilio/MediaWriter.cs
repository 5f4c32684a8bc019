using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace ToolBackend.Voice.Twilio;

/// <summary>Writes our messages of a media stream. Every one names its stream; ids and marks are ours or were checked, so nothing needs escapes.</summary>
public sealed class MediaWriter
{
    private readonly byte[] _mediaHead;
    private readonly byte[] _markHead;
    private readonly byte[] _clear;

    /// <param name="streamSid">Letters and digits, as Twilio's are.</param>
    /// <exception cref="FormatException">It is something else.</exception>
    public MediaWriter(string streamSid)
    {
        if (streamSid.Length is 0 or > 64 || !streamSid.All(char.IsAsciiLetterOrDigit))
        {
            throw new FormatException("The stream's id is not of letters and digits.");
        }

        _mediaHead = Encoding.ASCII.GetBytes($$"""{"event":"media","streamSid":"{{streamSid}}","media":{"payload":" """.TrimEnd());
        _markHead = Encoding.ASCII.GetBytes($$"""{"event":"mark","streamSid":"{{streamSid}}","mark":{"name":" """.TrimEnd());
        _clear = Encoding.ASCII.GetBytes($$"""{"event":"clear","streamSid":"{{streamSid}}"}""");
    }

    /// <summary>Headerless mu-law of any length.</summary>
    public void Media(IBufferWriter<byte> output, ReadOnlySpan<byte> audio)
    {
        output.Write(_mediaHead);
        var into = output.GetSpan(Base64.GetMaxEncodedToUtf8Length(audio.Length));
        Base64.EncodeToUtf8(audio, into, out _, out var length);
        output.Advance(length);
        output.Write("\"}}"u8);
    }

    /// <param name="name">Letters, digits, hyphens.</param>
    public void Mark(IBufferWriter<byte> output, string name)
    {
        output.Write(_markHead);
        Encoding.ASCII.GetBytes(name, output);
        output.Write("\"}}"u8);
    }

    public void Clear(IBufferWriter<byte> output) => output.Write(_clear);
}
