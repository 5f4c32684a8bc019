using System.Numerics;
using System.Runtime.Intrinsics;

namespace ToolBackend.Vapi.Messages;

/// <summary>
/// Finds the end of a JSON object or array by counting brackets outside strings, 64 bytes at a time. Vapi repeats the assistant and the
/// history in every message; nothing in them is needed, and tokenising them costs more than the whole rest of a request. What is leapt
/// over is checked for balance, strings and depth, not for grammar.
/// </summary>
internal static class JsonLeap
{
    private const int Block = 64;

    /// <summary>Length of the container that <paramref name="json"/> begins with, or -1 when it does not end or is deeper than <paramref name="maxDepth"/>.</summary>
    public static int ContainerLength(ReadOnlySpan<byte> json, int maxDepth)
    {
        var depth = 0;
        var inString = 0UL; // all ones while a string reaches into the block
        var escaped = 0UL; // 1 when the block's first byte is escaped
        Span<byte> tail = stackalloc byte[Block];
        for (var at = 0; at < json.Length; at += Block)
        {
            scoped ReadOnlySpan<byte> block;
            if (json.Length - at >= Block)
            {
                block = json.Slice(at, Block);
            }
            else
            {
                tail.Fill((byte)' ');
                json[at..].CopyTo(tail);
                block = tail;
            }

            Classify(block, out var quotes, out var backslashes, out var opens, out var closes);
            quotes &= ~Escaped(backslashes, ref escaped);
            var strings = PrefixXor(quotes) ^ inString;
            inString = (ulong)((long)strings >> 63);
            opens &= ~strings;
            closes &= ~strings;

            var closing = BitOperations.PopCount(closes);
            if (depth > closing && depth + BitOperations.PopCount(opens) <= maxDepth)
            {
                depth += BitOperations.PopCount(opens) - closing;
                continue;
            }

            // The end or the depth limit may lie in this block: walk its brackets one by one.
            for (var brackets = opens | closes; brackets != 0; brackets &= brackets - 1)
            {
                var bit = BitOperations.TrailingZeroCount(brackets);
                depth += ((opens >> bit) & 1) != 0 ? 1 : -1;
                if (depth == 0)
                {
                    return at + bit + 1;
                }

                if (depth > maxDepth)
                {
                    return -1;
                }
            }
        }

        return -1;
    }

    private static void Classify(ReadOnlySpan<byte> block, out ulong quotes, out ulong backslashes, out ulong opens, out ulong closes)
    {
        quotes = backslashes = opens = closes = 0;
        for (var i = 0; i < Block; i += Vector256<byte>.Count)
        {
            var bytes = Vector256.Create(block.Slice(i, Vector256<byte>.Count));
            // '[' and '{', as ']' and '}', differ in the bit 0x20 only, and no other byte maps onto them.
            var folded = bytes | Vector256.Create((byte)0x20);
            quotes |= (ulong)Vector256.Equals(bytes, Vector256.Create((byte)'"')).ExtractMostSignificantBits() << i;
            backslashes |= (ulong)Vector256.Equals(bytes, Vector256.Create((byte)'\\')).ExtractMostSignificantBits() << i;
            opens |= (ulong)Vector256.Equals(folded, Vector256.Create((byte)'{')).ExtractMostSignificantBits() << i;
            closes |= (ulong)Vector256.Equals(folded, Vector256.Create((byte)'}')).ExtractMostSignificantBits() << i;
        }
    }

    /// <summary>The bytes that a backslash escapes. Backslashes are rare, so their runs are walked.</summary>
    private static ulong Escaped(ulong backslashes, ref ulong carry)
    {
        var result = carry;
        backslashes &= ~carry;
        carry = 0;
        while (backslashes != 0)
        {
            var bit = BitOperations.TrailingZeroCount(backslashes);
            if (bit == Block - 1)
            {
                carry = 1;
                break;
            }

            result |= 2UL << bit;
            backslashes &= ~(3UL << bit);
        }

        return result;
    }

    /// <summary>Bit i is the parity of bits 0 to i: ones from an opening quote up to its closing one.</summary>
    private static ulong PrefixXor(ulong bits)
    {
        bits ^= bits << 1;
        bits ^= bits << 2;
        bits ^= bits << 4;
        bits ^= bits << 8;
        bits ^= bits << 16;
        bits ^= bits << 32;
        return bits;
    }
}
