using System.Buffers;
using Microsoft.Extensions.Primitives;

namespace ToolBackend.Vapi.Webhooks;

/// <summary>
/// Decodes the signature header: one or several header lines, each a list parted by spaces. Entries of another version or
/// a wrong form are passed over, as Standard Webhooks asks, so that one bad entry does not spoil a good one.
/// </summary>
internal readonly struct SignatureList(string prefix, WebhookSignatureEncoding encoding, int hashBytes)
{
    /// <summary>Most well-formed signatures that are tried.</summary>
    public const int MaxEntries = 5;

    private const int MaxHeaderChars = 8192;

    /// <summary>Writes the well-formed signatures one after the other and returns their number.</summary>
    public int Decode(StringValues header, Span<byte> destination)
    {
        var count = 0;
        foreach (var line in header)
        {
            if (line is null || line.Length > MaxHeaderChars)
            {
                continue;
            }

            foreach (var range in line.AsSpan().Split(' '))
            {
                var entry = line.AsSpan(range);
                if (count == MaxEntries)
                {
                    return count;
                }

                if (entry.StartsWith(prefix, StringComparison.Ordinal) && DecodeOne(entry[prefix.Length..], destination.Slice(count * hashBytes, hashBytes)))
                {
                    count++;
                }
            }
        }

        return count;
    }

    // A signature of another length is decoded like any other, so that only the verdict differs.
    private bool DecodeOne(ReadOnlySpan<char> text, Span<byte> destination)
    {
        Span<byte> decoded = stackalloc byte[HmacKey.MaxHashBytes];
        var written = encoding == WebhookSignatureEncoding.Base64 ? DecodeBase64(text, decoded) : DecodeHex(text, decoded);
        decoded[..hashBytes].CopyTo(destination);
        return written == hashBytes;
    }

    // Mixed case is refused: a signature has one written form, so that no changed byte of the header passes.
    private static int DecodeHex(ReadOnlySpan<char> text, Span<byte> decoded) =>
        Convert.FromHexString(text, decoded, out _, out var written) == OperationStatus.Done
        && !(text.ContainsAnyInRange('a', 'f') && text.ContainsAnyInRange('A', 'F'))
            ? written
            : 0;

    // Decoders ignore white space and the unused bits of the last letter; writing the bytes again and comparing refuses both.
    private static int DecodeBase64(ReadOnlySpan<char> text, Span<byte> decoded)
    {
        Span<char> canonical = stackalloc char[88];
        return Convert.TryFromBase64Chars(text, decoded, out var written)
            && Convert.TryToBase64Chars(decoded[..written], canonical, out var length)
            && text.SequenceEqual(canonical[..length])
            ? written
            : 0;
    }
}
