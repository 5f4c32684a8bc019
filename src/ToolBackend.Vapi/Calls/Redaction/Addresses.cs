using System.Buffers;
using ToolBackend.Core.Observability;

namespace ToolBackend.Vapi.Calls.Redaction;

/// <summary>Takes user names, passwords and secret query parameters out of the URLs in a text.</summary>
internal static class Addresses
{
    private const string Mark = "://";
    private static readonly SearchValues<char> s_ends = SearchValues.Create(" \t\r\n\"'<>\\");

    /// <summary>Null when there is nothing to take out.</summary>
    public static string? MaskOrNull(ReadOnlySpan<char> text)
    {
        var masked = default(MaskedText);
        for (var at = text.IndexOf(Mark); at >= 0;)
        {
            var start = at + Mark.Length;
            var length = text[start..].IndexOfAny(s_ends);
            var end = length < 0 ? text.Length : start + length;
            MaskOne(text, start, end, ref masked);
            var next = text[end..].IndexOf(Mark);
            at = next < 0 ? -1 : end + next;
        }

        return masked.Finish(text);
    }

    private static void MaskOne(ReadOnlySpan<char> text, int start, int end, ref MaskedText masked)
    {
        var address = text[start..end];
        var path = address.IndexOfAny('/', '?', '#');
        var user = address[..(path < 0 ? address.Length : path)].LastIndexOf('@');
        if (user > 0 && !address[..user].SequenceEqual(Sensitive.Mask))
        {
            masked.Replace(text, start, start + user, Sensitive.Mask);
        }

        var query = address.IndexOf('?');
        for (var at = query < 0 ? end : start + query + 1; at < end;)
        {
            var length = text[at..end].IndexOfAny('&', '#', ';');
            var next = length < 0 ? end : at + length;
            var equals = text[at..next].IndexOf('=');
            if (equals > 0 && IsSecret(text.Slice(at, equals)) && !text[(at + equals + 1)..next].SequenceEqual(Sensitive.Mask))
            {
                masked.Replace(text, at + equals + 1, next, Sensitive.Mask);
            }

            at = next + 1;
        }
    }

    private static bool IsSecret(ReadOnlySpan<char> parameter) => parameter is "key" || SecretNames.IsSecret(parameter);
}
