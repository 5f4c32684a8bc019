using NodaTime;

namespace ToolBackend.Core.Speech;

/// <summary>
/// "2026-12-01", "2026/12/1", "20261201", "12/13/2026", "13.12.2026", "12/13". Year first is never ambiguous; otherwise day and month are told
/// apart only when one of them is above 12 or both are the same, and the caller is asked when not.
/// </summary>
internal static class NumericDate
{
    /// <summary>Null when the text is of another kind.</summary>
    internal static DateReading? Read(List<string> tokens, LocalDate today)
    {
        if (tokens.Count > 0 && tokens[0].Length == 8 && Tokens.IsNumber(tokens[0], out var compact, 8) && EndsThere(tokens, 1))
        {
            return SpokenDate.Of(compact / 10000, compact / 100 % 100, compact % 100, today);
        }

        if (tokens.Count < 3 || tokens[1] is not ("-" or "/" or ".")
            || !Tokens.IsNumber(tokens[0], out var first) || !Tokens.IsNumber(tokens[2], out var second))
        {
            return null;
        }

        if (tokens.Count >= 5 && tokens[3] == tokens[1] && Tokens.IsNumber(tokens[4], out var third) && EndsThere(tokens, 5))
        {
            if (tokens[0].Length == 4)
            {
                return SpokenDate.Of(first, second, third, today);
            }

            return tokens[4].Length is 2 or 4 ? Either(first, second, tokens[4].Length == 2 ? 2000 + third : third, today) : SpokenDate.NotCaught;
        }

        // "12.30" is a time; "12-1" may be anything.
        return tokens[1] == "/" && EndsThere(tokens, 3) ? Either(first, second, null, today) : null;
    }

    /// <summary>How many tokens at the start make a date with a year first, for the time that follows it; 0 for none.</summary>
    internal static int IsoLength(List<string> tokens) =>
        tokens.Count >= 5 && tokens[0].Length == 4 && Tokens.IsDigits(tokens[0]) && tokens[1] is "-" or "/" && tokens[3] == tokens[1] ? 5 : 0;

    private static DateReading Either(int first, int second, int? year, LocalDate today)
    {
        if (first is >= 1 and <= 12 && second is >= 1 and <= 12 && first != second)
        {
            return new DateReading.Ambiguous($"Do you mean {Say(first, second, year)}, or {Say(second, first, year)}?");
        }

        var (month, day) = first > 12 ? (second, first) : (first, second);
        return year is { } y ? SpokenDate.Of(y, month, day, today) : SpokenDate.Of(month, day, today);
    }

    private static string Say(int month, int day, int? year) =>
        Phrases.MonthAndDay(new LocalDate(2000, month, day)) + (year is { } y ? $", {y}" : "");

    /// <summary>Nothing follows, or a time of day does.</summary>
    private static bool EndsThere(List<string> tokens, int index) =>
        index >= tokens.Count || tokens[index] is "t" or "at" or "," or "." || (Tokens.IsDigits(tokens[index]) && tokens[index].Length <= 2);
}
