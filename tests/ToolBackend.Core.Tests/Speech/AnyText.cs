using FsCheck;
using FsCheck.Fluent;

namespace ToolBackend.Core.Tests.Speech;

/// <summary>Foreign text for properties: arbitrary strings, and the alphabet of dates, times and codes shuffled, which gets deeper into the readers.</summary>
internal static class AnyText
{
    private static readonly string[] Pieces =
    [
        "1", "2", "12", "13", "30", "31", "2026", "0001", "9999", "00", "1430", "-", "/", ".", ":", ",", " ", "T", "Z", "+", "am", "p.m.", "at", "on", "the",
        "next", "this", "thursday", "dec", "february", "29th", "st", "in", "days", "weeks", "today", "tomorrow", "noon", "half", "past", "quarter", "to", "a",
        "one", "oh", "forty", "two", "ten", "double", "triple", "tango", "bravo", "B", "as", "in", "number", "x", "ray", "hundred", "\u00e9", "\ud83d\ude80",
        "\ud83d", "\u202e", "\u0645\u0631\u062d\u0628\u0627", "\0", "\n", "'", "\u2019", "\u0663", "\u2013", "99999999999999999999",
    ];

    internal static Arbitrary<string> Foreign { get; } = Gen.OneOf(
        ArbMap.Default.GeneratorFor<string>().Select(static s => s ?? ""),
        Gen.Elements(Pieces).ListOf().Select(static p => string.Concat(p)),
        Gen.Elements(Pieces).ListOf().Select(static p => string.Join(' ', p)),
        Gen.Elements(Pieces).Select(static p => string.Concat(Enumerable.Repeat(p, 3000)))).ToArbitrary();

    /// <summary>Many cases from a fixed seed; a failure prints the case.</summary>
    internal static void Holds(Func<string, bool> property) =>
        Prop.ForAll(Foreign, property).Check(Config.QuickThrowOnFailure.WithMaxTest(3000).WithReplay(20261122, 41));
}
