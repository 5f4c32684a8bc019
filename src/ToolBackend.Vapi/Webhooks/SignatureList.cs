using System.Buffers;
using Microsoft.Extensions.Primitives;

namespace ToolBackend.Vapi.Webhooks;

/// <summary>
/// Decodes the signature header: one or several header lines, each a list parted by spaces. Entries of another version or
/// a wrong form are passed over, as Standard Webhooks asks, so that one bad entry does not spoil a good one.
/// </summary>
internal sealed class SignatureList(string prefix, WebhookSignatureEncoding encoding, int hashBytes)
{
    private readonly string dummy = encoding == WebhookSignatureEncoding.Base64 ? Convert.ToBase64String(new byte[hashBytes]) : new string('a', hashBytes * 2);

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

    // A text of another length stands aside for a dummy of the right one, and both are decoded from the same place, so that both take the same time.
    private bool DecodeOne(ReadOnlySpan<char> text, Span<byte> destination)
    {
        Span<char> candidate = stackalloc char[HmacKey.MaxHashBytes * 2];
        candidate = candidate[..dummy.Length];
        var fits = text.Length == dummy.Length;
        (fits ? text : dummy).CopyTo(candidate);
        var written = encoding == WebhookSignatureEncoding.Base64 ? DecodeBase64(candidate, destination) : DecodeHex(candidate, destination);
        return fits & (written == hashBytes);
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
