using NodaTime;

namespace ToolBackend.Core.Speech;

/// <summary>Dates with the month's name or the day's ordinal. Words are taken in any order, and an unknown one makes the whole unreadable.</summary>
internal static class NamedDate
{
    /// <summary>Null when the text is of another kind: "December 1", "1st of December 2026", "Thursday, December 3rd", "the 3rd".</summary>
    internal static DateReading? Read(List<string> tokens, LocalDate today)
    {
        var at = tokens.IndexOf("at");
        var head = at > 0 ? tokens[..at] : tokens;
        IsoDayOfWeek? weekday = null;
        int? month = null, day = null, year = null;
        var ordinal = false;
        for (var i = 0; i < head.Count; i++)
        {
            var token = head[i];
            if (Tokens.IsDigits(token))
            {
                if (!Tokens.IsNumber(token, out var number))
                {
                    return null;
                }

                if (token.Length == 4 && year is null)
                {
                    year = number;
                }
                else if (token.Length <= 2 && day is null)
                {
                    day = number;
                    ordinal = i + 1 < head.Count && head[i + 1] is "st" or "nd" or "rd" or "th";
                }
                else
                {
                    return null;
                }
            }
            else if (SpokenDate.Weekday(token) is { } named && weekday is null)
            {
                weekday = named;
            }
            else if (SpokenDate.MonthOf(token) is { } m && month is null)
            {
                month = m;
            }
            else if (!SpokenDate.Fillers.Contains(token) && token is not "in" && !RelativeDate.PartWords.Contains(token))
            {
                return null;
            }
        }

        if (day is not { } d || (month is null && (!ordinal || year is not null)))
        {
            return null;
        }

        var reading = month is not { } mm ? NextDayOfMonth(d, today)
            : year is { } y ? SpokenDate.Of(y, mm, d, today)
            : SpokenDate.Of(mm, d, today);
        return weekday is { } w ? Agrees(reading, w, today) : reading;
    }

    /// <summary>"the 3rd": this month's if still to come, else the next month that has such a day.</summary>
    private static DateReading NextDayOfMonth(int day, LocalDate today)
    {
        if (day is < 1 or > 31)
        {
            return SpokenDate.NotCaught;
        }

        for (var first = new LocalDate(today.Year, today.Month, 1); ; first = first.PlusMonths(1))
        {
            if (day <= CalendarSystem.Iso.GetDaysInMonth(first.Year, first.Month) && first.PlusDays(day - 1) >= today)
            {
                return new DateReading.Read(first.PlusDays(day - 1));
            }
        }
    }

    /// <summary>"Thursday, December 4th" when the 4th is a Friday: somebody is wrong, so ask.</summary>
    private static DateReading Agrees(DateReading reading, IsoDayOfWeek weekday, LocalDate today) =>
        reading is DateReading.Read read && read.Date.DayOfWeek != weekday
            ? new DateReading.Ambiguous(
                $"{Phrases.MonthAndDay(read.Date)} is a {read.Date.DayOfWeek}, not a {weekday}. Do you mean {Phrases.FullDay(read.Date, today)}, or another day?")
            : reading;
}
