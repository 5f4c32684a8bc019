using System.Security.Cryptography;
using System.Text;

namespace ToolBackend.Voice.Synthesis.Kept;

/// <summary>
/// A sentence's audio as bytes, for Redis: a mark, the key, the pieces, and a hash over all of it. What has been cut, changed, or put there by somebody else is nothing.
/// </summary>
internal static class KeptSpeech
{
    private const int HashLength = 32;

    /// <summary>Changed when the layout is, and in the Redis key too (<see cref="SpeechCache"/>).</summary>
    private static readonly byte[] s_mark = "tbs1"u8.ToArray();

    public static byte[] Write(string key, IReadOnlyList<SpeechAudio> audio)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(s_mark);
            writer.Write(key);
            writer.Write(audio.Count);
            foreach (var piece in audio)
            {
                writer.Write(piece.MuLaw.Length);
                writer.Write(piece.MuLaw.Span);
                writer.Write(piece.EndsFlush);
                writer.Write(piece.JoinedFlushes);
                writer.Write(piece.Alignment is not null);
                if (piece.Alignment is { } alignment)
                {
                    writer.Write(alignment.Text);
                    foreach (var start in alignment.StartMs)
                    {
                        writer.Write(start);
                    }
                }
            }
        }

        var hash = SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        bytes.Write(hash);
        return bytes.ToArray();
    }

    /// <summary>Null when these are not the bytes that were written under the key.</summary>
    public static IReadOnlyList<SpeechAudio>? Read(string key, byte[] stored)
    {
        var length = stored.Length - HashLength;
        if (length < s_mark.Length || !stored.AsSpan().StartsWith(s_mark) || !SHA256.HashData(stored.AsSpan(0, length)).AsSpan().SequenceEqual(stored.AsSpan(length)))
        {
            return null;
        }

        using var reader = new BinaryReader(new MemoryStream(stored, s_mark.Length, length - s_mark.Length), Encoding.UTF8);
        try
        {
            if (!string.Equals(reader.ReadString(), key, StringComparison.Ordinal))
            {
                return null;
            }

            var audio = new List<SpeechAudio>();
            for (var left = reader.ReadInt32(); left > 0; left--)
            {
                var sound = reader.ReadBytes(reader.ReadInt32());
                var (endsFlush, joined) = (reader.ReadBoolean(), reader.ReadInt32());
                audio.Add(new SpeechAudio(sound, reader.ReadBoolean() ? ReadAlignment(reader) : null, endsFlush) { JoinedFlushes = joined });
            }

            return audio.Count > 0 ? audio : null;
        }
        catch (Exception e) when (e is IOException or ArgumentException or FormatException)
        {
            return null; // the hash is right: a writer whose layout is another one
        }
    }

    private static SpeechAlignment ReadAlignment(BinaryReader reader)
    {
        var text = reader.ReadString();
        var starts = new int[text.Length];
        for (var i = 0; i < starts.Length; i++)
        {
            starts[i] = reader.ReadInt32();
        }

        return new SpeechAlignment(text, starts);
    }
}
