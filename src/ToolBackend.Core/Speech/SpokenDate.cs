using NodaTime;

namespace ToolBackend.Core.Speech;

/// <summary>
/// Reads dates as language models write them and callers say them, in en-US. Never throws: what is not understood is refused with a question.
/// A full date-time gives its date by the wall clock; an offset or "Z" on it is ignored, because models add it to local times.
/// Without a year the next such date within 11 months is meant; a weekday alone is the next one after today.
/// </summary>
public static class SpokenDate
{
    private const int MonthsAhead = 11;

    private static readonly string[] Months =
    [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
    ];

    internal static readonly HashSet<string> Fillers = new(StringComparer.Ordinal)
    {
        ",", "on", "the", "of", "for", "please", "day", "date", "is", "its", "that", "st", "nd", "rd", "th", ".",
    };

    /// <param name="text">At most 200 characters; longer text is unreadable.</param>
    /// <param name="today">The date at the place.</param>
    public static DateReading Read(string? text, LocalDate today)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > Tokens.MaxInput)
        {
            return NotCaught;
        }

        var tokens = Tokens.Cut(text);
        if (tokens.Contains(Tokens.Unknown))
        {
            return NotCaught;
        }

        return NumericDate.Read(tokens, today)
            ?? RelativeDate.Read(Words(tokens), today)
            ?? NamedDate.Read(NumberWords.ToDigits(tokens), today)
            ?? NotCaught;
    }

    internal static DateReading NotCaught { get; } = new DateReading.Unreadable("I didn't catch the date. Which day would you like?");

    /// <summary>A date with its year, or the refusal that fits.</summary>
    internal static DateReading Of(int year, int month, int day, LocalDate today)
    {
        if (year is < 1 or > 9999 || month is < 1 or > 12)
        {
            return NotCaught;
        }

        if (day < 1 || day > CalendarSystem.Iso.GetDaysInMonth(year, month))
        {
            return NoSuchDay(month, day);
        }

        var date = new LocalDate(year, month, day);
        return date >= today ? new DateReading.Read(date) : PastDate(date, today);
    }

    /// <summary>A date without its year: the next one within 11 months, otherwise the one just past.</summary>
    internal static DateReading Of(int month, int day, LocalDate today)
    {
        // 2000 is a leap year, so it has every day that any year has.
        if (month is < 1 or > 12)
        {
            return NotCaught;
        }

        if (day < 1 || day > CalendarSystem.Iso.GetDaysInMonth(2000, month))
        {
            return NoSuchDay(month, day);
        }

        LocalDate? past = null;
        for (var year = Math.Max(1, today.Year - 1); year <= Math.Min(9999, today.Year + 1); year++)
        {
            if (day > CalendarSystem.Iso.GetDaysInMonth(year, month))
            {
                continue;
            }

            var date = new LocalDate(year, month, day);
            if (date >= today && date <= today.PlusMonths(MonthsAhead))
            {
                return new DateReading.Read(date);
            }

            past = date < today ? date : past;
        }

        var leapDay = month == 2 && day == 29;
        return past is { } gone && !leapDay ? PastDate(gone, today) : NoSuchDay(month, day);
    }

    private static DateReading.Past PastDate(LocalDate date, LocalDate today) => new(
        date,
        $"{Phrases.DayAndYear(date)} is already past. Today is {Phrases.DayAndYear(today)}. Which day would you like?");

    private static DateReading.Unreadable NoSuchDay(int month, int day) =>
        day is < 1 or > 31
            ? new("I didn't catch the date. Which day would you like?")
            : new($"There is no {Title(Months[month - 1])} {Phrases.Ordinal(day)} coming up. Which day would you like?");

    /// <summary>"thursday", "thurs", "thu": three letters tell weekdays apart.</summary>
    internal static IsoDayOfWeek? Weekday(string token)
    {
        if (token.Length < 3)
        {
            return null;
        }

        for (var day = IsoDayOfWeek.Monday; day <= IsoDayOfWeek.Sunday; day++)
        {
            if (day.ToString().StartsWith(token, StringComparison.OrdinalIgnoreCase))
            {
                return day;
            }
        }

        return null;
    }

    /// <summary>"december", "dec": three letters tell months apart.</summary>
    internal static int? MonthOf(string token)
    {
        var index = Array.FindIndex(Months, m => token.Length >= 3 && m.StartsWith(token, StringComparison.Ordinal));
        return index < 0 ? null : index + 1;
    }

    /// <summary>The words before a time ("tomorrow at 2 PM"), without fillers.</summary>
    private static List<string> Words(List<string> tokens)
    {
        var at = tokens.IndexOf("at");
        return [.. NumberWords.ToDigits(at > 0 ? tokens[..at] : tokens).Where(static t => t is "day" || !Fillers.Contains(t))];
    }

    private static string Title(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
