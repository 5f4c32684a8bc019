using System.Globalization;
using System.Text;
using NodaTime;

namespace ToolBackend.Core.Speech;

/// <summary>
/// Words for the ear in en-US. What <see cref="Day(LocalDate, LocalDate)"/> and <see cref="Time(LocalTime)"/> say,
/// <see cref="SpokenDate"/> and <see cref="SpokenTime"/> read back to the same value: models repeat our own sentences to us.
/// </summary>
public static class Phrases
{
    /// <summary>Dates further off than this are said with their year. Must stay below <see cref="SpokenDate"/>'s reach of 11 months.</summary>
    private const int MonthsWithoutYear = 10;

    private static readonly string[] Numbers =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

    /// <summary>"today", "tomorrow", "yesterday", "Thursday, December 3rd", "Friday, December 3rd, 2027".</summary>
    public static string Day(LocalDate date, LocalDate today)
    {
        if (date == today)
        {
            return "today";
        }

        if (date == today.PlusDays(1))
        {
            return "tomorrow";
        }

        return date == today.PlusDays(-1) ? "yesterday" : FullDay(date, today);
    }

    /// <summary>As <see cref="Day(LocalDate, LocalDate)"/>, in the zone of the place.</summary>
    public static string Day(Instant when, DateTimeZone zone, Instant now) => Day(when.InZone(zone).Date, now.InZone(zone).Date);

    /// <summary>As <see cref="Day(LocalDate, LocalDate)"/> after a verb: "today", "on Thursday, December 3rd".</summary>
    public static string OnDay(LocalDate date, LocalDate today) => Day(date, today) is var said && said.Contains(' ') ? "on " + said : said;

    /// <summary>The weekday and date even when it is today or tomorrow: "Thursday, December 3rd".</summary>
    public static string FullDay(LocalDate date, LocalDate today)
    {
        var far = date > today.PlusMonths(MonthsWithoutYear) || date < today.PlusMonths(-MonthsWithoutYear);
        return far ? DayAndYear(date) : $"{date.DayOfWeek}, {MonthAndDay(date)}";
    }

    /// <summary>"Thursday, December 3rd, 2026".</summary>
    public static string DayAndYear(LocalDate date) => $"{date.DayOfWeek}, {MonthAndDay(date)}, {date.Year}";

    /// <summary>"December 3rd".</summary>
    public static string MonthAndDay(LocalDate date) =>
        $"{CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(date.Month)} {Ordinal(date.Day)}";

    /// <summary>"1st", "2nd", "3rd", "11th", "22nd".</summary>
    public static string Ordinal(int number) => number + ((number % 100) is >= 11 and <= 13 ? "th" : (number % 10) switch
    {
        1 => "st",
        2 => "nd",
        3 => "rd",
        _ => "th",
    });

    /// <summary>"2:30 PM", "2 PM", "noon", "midnight". Seconds are not said.</summary>
    public static string Time(LocalTime time)
    {
        if (time.Minute == 0 && time.Hour % 12 == 0)
        {
            return time.Hour == 0 ? "midnight" : "noon";
        }

        var hour = time.ClockHourOfHalfDay;
        var half = time.Hour < 12 ? "AM" : "PM";
        return time.Minute == 0 ? $"{hour} {half}" : $"{hour}:{time.Minute:00} {half}";
    }

    /// <summary>As <see cref="Time(LocalTime)"/>, in the zone of the place.</summary>
    public static string Time(Instant when, DateTimeZone zone) => Time(when.InZone(zone).TimeOfDay);

    /// <summary>"tomorrow at 2:30 PM", "Thursday, December 3rd at noon".</summary>
    public static string DayAndTime(LocalDateTime when, LocalDate today) => $"{Day(when.Date, today)} at {Time(when.TimeOfDay)}";

    /// <summary>
    /// As <see cref="DayAndTime(LocalDateTime, LocalDate)"/>, in the zone of the place. In the hour that an autumn clock change repeats,
    /// says which one is meant: "... at 1:30 AM, before the clocks go back".
    /// </summary>
    public static string DayAndTime(Instant when, DateTimeZone zone, Instant now)
    {
        var local = when.InZone(zone).LocalDateTime;
        var mapping = zone.MapLocal(local);
        var which = mapping.Count < 2 ? ""
            : mapping.First().ToInstant() == when ? ", before the clocks go back"
            : ", after the clocks go back";
        return DayAndTime(local, now.InZone(zone).Date) + which;
    }

    /// <summary>As <see cref="DayAndTime(LocalDateTime, LocalDate)"/> after a verb: "tomorrow at 2 PM", "on Thursday, December 3rd at noon".</summary>
    public static string OnDayAndTime(LocalDateTime when, LocalDate today) => $"{OnDay(when.Date, today)} at {Time(when.TimeOfDay)}";

    /// <summary>As <see cref="DayAndTime(Instant, DateTimeZone, Instant)"/> after a verb.</summary>
    public static string OnDayAndTime(Instant when, DateTimeZone zone, Instant now) =>
        DayAndTime(when, zone, now) is var said && char.IsUpper(said[0]) ? "on " + said : said;

    /// <summary>"A", "A and B", "A, B, or C". Items that hold a comma themselves are parted by semicolons.</summary>
    public static string List(IReadOnlyList<string> items, string conjunction = "and")
    {
        var comma = items.Any(static i => i.Contains(',')) ? ";" : ",";
        return items.Count switch
        {
            0 => "",
            1 => items[0],
            2 => $"{items[0]}{(comma == ";" ? ", " : " ")}{conjunction} {items[1]}",
            _ => $"{string.Join(comma + " ", items.Take(items.Count - 1))}{comma} {conjunction} {items[^1]}",
        };
    }

    /// <summary>Words up to twelve, digits from there: "three", "13".</summary>
    public static string Number(int number) =>
        number >= 0 && number < Numbers.Length ? Numbers[number] : number.ToString(CultureInfo.InvariantCulture);

    /// <summary>"two parcels", "one parcel", "no parcels" for zero.</summary>
    public static string Count(int number, string singular, string? plural = null) =>
        $"{(number == 0 ? "no" : Number(number))} {(number == 1 ? singular : plural ?? singular + "s")}";

    /// <summary>"just now", "a minute ago", "ten minutes ago", "an hour ago", "three days ago". Rounded down; the future is "just now".</summary>
    public static string Ago(Duration age) => age.TotalSeconds switch
    {
        < 60 => "just now",
        < 120 => "a minute ago",
        < 3600 => $"{Number((int)age.TotalMinutes)} minutes ago",
        < 7200 => "an hour ago",
        < 86400 => $"{Number((int)age.TotalHours)} hours ago",
        < 172800 => "a day ago",
        _ => $"{Number((int)Math.Min(age.TotalDays, int.MaxValue))} days ago",
    };

    /// <summary>"45 minutes", "1 hour", "1 hour and 30 minutes". Under a minute: "less than a minute".</summary>
    public static string HowLong(Duration duration)
    {
        var minutes = (long)Math.Max(0, Math.Round(duration.TotalMinutes));
        var (hours, rest) = Math.DivRem(minutes, 60L);
        return (hours, rest) switch
        {
            (0, 0) => "less than a minute",
            (0, _) => Unit(rest, "minute"),
            (_, 0) => Unit(hours, "hour"),
            _ => $"{Unit(hours, "hour")} and {Unit(rest, "minute")}",
        };

        static string Unit(long count, string name) => count == 1 ? $"1 {name}" : $"{count} {name}s";
    }

    /// <summary>Printable ASCII with single spaces inside: what nearly all sentences are, and nothing that has to be changed.</summary>
    private static bool IsPlainLine(string text)
    {
        var plain = text[0] != ' ' && text[^1] != ' ';
        for (var i = 0; plain && i < text.Length; i++)
        {
            plain = text[i] is > ' ' and <= '~' || (text[i] == ' ' && text[i - 1] != ' ');
        }

        return plain;
    }

    /// <summary>The text, or its beginning when it is longer; no character is cut in half.</summary>
    public static string Cut(string text, int most) =>
        text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)].TrimEnd();

    /// <summary>
    /// One line without control or invisible format characters, white space collapsed: Vapi takes single-line tool results only,
    /// and text from the database must not be able to break out of its sentence.
    /// </summary>
    public static string SingleLine(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        if (IsPlainLine(text))
        {
            return text;
        }

        var line = new StringBuilder(text.Length);
        var gap = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                gap = line.Length > 0;
                continue;
            }

            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format || rune == Rune.ReplacementChar)
            {
                continue;
            }

            if (gap)
            {
                line.Append(' ');
                gap = false;
            }

            line.Append(rune.ToString());
        }

        return line.ToString();
    }
}
