using NodaTime;

namespace ToolBackend.Core.Speech;

/// <summary>"today", "tomorrow morning", "in 3 days", "Thursday", "next Thursday".</summary>
internal static class RelativeDate
{
    /// <summary>Furthest "in N days" that is taken; beyond it the caller is asked.</summary>
    private const int MaxDaysAhead = 400;

    /// <summary>Parts of a day that may stand beside a date and do not change it.</summary>
    internal static readonly HashSet<string> PartWords = new(StringComparer.Ordinal)
    {
        "morning", "afternoon", "evening", "night", "noon", "midday",
    };

    private static readonly HashSet<string> Unneeded = new(PartWords, StringComparer.Ordinal) { "in", "coming" };

    /// <summary>Null when the words are of another kind.</summary>
    internal static DateReading? Read(List<string> words, LocalDate today)
    {
        var core = words.Where(static w => !Unneeded.Contains(w)).ToArray();
        var partNamed = words.Exists(PartWords.Contains);
        switch (core)
        {
            case ["today"] or ["tonight"] or ["now"]:
            case ["this"] when partNamed:
                return new DateReading.Read(today);
            case ["tomorrow"]:
                return new DateReading.Read(today.PlusDays(1));
            case ["day", "after", "tomorrow"] or ["overmorrow"]:
                return new DateReading.Read(today.PlusDays(2));
            case ["yesterday"]:
                return new DateReading.Past(today.PlusDays(-1), "Yesterday is already past. Which day would you like?");
            case ["today", var name] when SpokenDate.Weekday(name) is { } day:
                return day == today.DayOfWeek ? new DateReading.Read(today) : WrongDay("Today", today);
            case ["tomorrow", var name] when SpokenDate.Weekday(name) is { } day:
                return day == today.PlusDays(1).DayOfWeek ? new DateReading.Read(today.PlusDays(1)) : WrongDay("Tomorrow", today.PlusDays(1));
            case [var number, "days" or "day"] when words.Contains("in") && Tokens.IsNumber(number, out var days):
                return Ahead(days, today);
            case ["a" or "1", "week"] when words.Contains("in"):
                return Ahead(7, today);
            case [var number, "weeks"] when words.Contains("in") && Tokens.IsNumber(number, out var weeks):
                return Ahead(weeks * 7, today);
            case ["next" or "this", "week" or "month"] or ["week" or "month" or "weekend"] or ["next" or "this", "weekend"]:
                return new DateReading.Ambiguous($"Which day {string.Join(' ', core)} would you like?");
            case [var name] when SpokenDate.Weekday(name) is { } day:
                return new DateReading.Read(today.Next(day));
            case ["this", var name] when SpokenDate.Weekday(name) is { } day:
                return day == today.DayOfWeek ? Which(today, today.PlusDays(7), today) : new DateReading.Read(today.Next(day));
            case ["next", var name] when SpokenDate.Weekday(name) is { } day:
                return NextWeekday(day, today);
            default:
                return null;
        }
    }

    /// <summary>
    /// Some mean the coming one, some the one in the following week, and weeks start on Sunday or Monday: taken only when all agree.
    /// </summary>
    private static DateReading NextWeekday(IsoDayOfWeek day, LocalDate today)
    {
        var coming = today.Next(day);
        var mondayWeek = today.PlusDays(7 - (int)today.DayOfWeek + (int)day);
        var sundayWeek = today.PlusDays(7 - ((int)today.DayOfWeek % 7) + ((int)day % 7));
        var latest = LocalDate.Max(mondayWeek, sundayWeek);
        return coming == latest ? new DateReading.Read(coming) : Which(coming, latest, today);
    }

    private static DateReading Ahead(int days, LocalDate today) =>
        days <= MaxDaysAhead ? new DateReading.Read(today.PlusDays(days)) : SpokenDate.NotCaught;

    private static DateReading.Ambiguous Which(LocalDate one, LocalDate other, LocalDate today) =>
        new($"Do you mean {Said(one, today)}, or {Said(other, today)}?");

    private static string Said(LocalDate date, LocalDate today) => date == today ? "today" : Phrases.FullDay(date, today);

    private static DateReading.Ambiguous WrongDay(string word, LocalDate date) =>
        new($"{word} is {Phrases.FullDay(date, date)}. Which day would you like?");
}
