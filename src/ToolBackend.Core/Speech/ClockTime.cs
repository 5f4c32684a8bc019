namespace ToolBackend.Core.Speech;

/// <summary>The hour and minute in "14:30", "14.30", "1430", "2", "2 30", "half past 2", "quarter to 3", "10 past 2"; AM and PM are gone already.</summary>
internal static class ClockTime
{
    internal static bool TryRead(List<string> core, out int hour, out int minute)
    {
        (hour, minute) = (0, 0);
        switch (core)
        {
            case [var h] when Tokens.IsNumber(h, out var number):
                (hour, minute) = h.Length > 2 ? (number / 100, number % 100) : (number, 0);
                break;
            case [var h, ":" or "." or "h", var m] when Pair(h, m, out hour, out minute):
            case [var hh, ":", var mm, ":", _] when Pair(hh, mm, out hour, out minute):
            case [var hhh, ":", var mmm, ":", _, ".", _] when Pair(hhh, mmm, out hour, out minute):
                break;
            case [var h, var m] when Tokens.IsNumber(h, out hour, 2) && Tokens.IsNumber(m, out minute, 2) && (m.Length == 2 || minute > 9):
                break;
            case [var h, "oh" or "o", var m] when Tokens.IsNumber(h, out hour, 2) && Tokens.IsNumber(m, out minute, 1):
                break;
            case [.. var before, "past" or "after", var h] when Tokens.IsNumber(h, out hour, 2) && Minutes(before, out minute):
                return IsClockHour(hour) && minute < 60;
            case [.. var before, "to" or "before" or "of" or "til" or "till", var h]
                when Tokens.IsNumber(h, out var next, 2) && Minutes(before, out var left):
                (hour, minute) = (next == 1 ? 12 : next - 1, 60 - left);
                return IsClockHour(next) && left is > 0 and < 60;
            default:
                return false;
        }

        return hour <= 23 && minute <= 59;
    }

    private static bool Pair(string h, string m, out int hour, out int minute)
    {
        minute = 0;
        return Tokens.IsNumber(h, out hour, 2) && m.Length == 2 && Tokens.IsNumber(m, out minute, 2);
    }

    /// <summary>"half", "a quarter", "ten", "ten minutes".</summary>
    private static bool Minutes(List<string> words, out int minute)
    {
        minute = 0;
        switch (words)
        {
            case ["half"]:
                minute = 30;
                return true;
            case ["quarter"]:
                minute = 15;
                return true;
            case [var m, .. var rest] when rest is [] or ["minutes"] && Tokens.IsNumber(m, out minute, 2):
                return true;
            default:
                return false;
        }
    }

    private static bool IsClockHour(int hour) => hour is >= 1 and <= 12;
}
