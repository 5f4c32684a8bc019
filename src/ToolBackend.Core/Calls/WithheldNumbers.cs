using System.Collections.Frozen;
using ToolBackend.Core.Speech;

namespace ToolBackend.Core.Calls;

/// <summary>
/// What carriers put in a caller's place when there is no number: a word on the telephone's keys. They look like E.164, and whoever withholds their
/// number has the same one, so they must never stand for a person. Source: Twilio, "Why am I getting calls from these strange numbers?".
/// </summary>
public static class WithheldNumbers
{
    private static readonly FrozenSet<string> s_all = new[]
    {
        "+266696687", // ANONYMOUS
        "+7378742833", // RESTRICTED
        "+86282452253", // UNAVAILABLE
        "+94844353", // WITHHELD
    }.ToFrozenSet(StringComparer.Ordinal);

    public static bool Contains(PhoneNumber number) => s_all.Contains(number.E164);
}
