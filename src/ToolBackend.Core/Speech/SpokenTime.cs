using NodaTime;

namespace ToolBackend.Core.Speech;

/// <summary>
/// Reads times of day as language models write them and callers say them. Never throws. Without AM or PM: an hour from 13 or a 0 is the 24-hour clock,
/// 12 is noon, 8 to 11 the morning, 1 to 7 is asked back; where <c>isPossible</c> allows exactly one of morning and afternoon, that one is taken.
/// The time of a full date-time is taken exactly as written, any offset or "Z" on it ignored.
/// </summary>
public static class SpokenTime
{
    private static readonly TimeReading.Unreadable NotCaught = new("I didn't catch the time. What time would you like?");

    private static readonly HashSet<string> Fillers = new(StringComparer.Ordinal)
    {
        ",", "at", "around", "about", "the", "in", "oclock", "please", "hours", "its", "for", "sharp", "exactly", "and",
    };

    /// <param name="text">At most 200 characters; longer text is unreadable.</param>
    /// <param name="isPossible">Whether a time lies within opening hours; decides "2:30" when only one half of the day can be meant.</param>
    public static TimeReading Read(string? text, Func<LocalTime, bool>? isPossible = null)
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

        var dateLength = NumericDate.IsoLength(tokens);
        if (dateLength > 0)
        {
            return AfterDate(tokens[dateLength..]);
        }

        // "tomorrow at 2 PM"
        var at = tokens.LastIndexOf("at");
        return ByWords(NumberWords.ToDigits(tokens[(at + 1)..]), isPossible) ?? NotCaught;
    }

    /// <summary>As above within hours of the day; an end of 00:00 is midnight.</summary>
    public static TimeReading Read(string? text, LocalTime opens, LocalTime closes) =>
        Read(text, t => t >= opens && (t < closes || closes == LocalTime.Midnight));

    /// <summary>"T14:30:00.000Z" or " 14:30": the 24-hour clock.</summary>
    private static TimeReading AfterDate(List<string> tokens)
    {
        var start = tokens.Count > 0 && tokens[0] == "t" ? 1 : 0;
        return tokens.Count >= start + 3 && tokens[start + 1] == ":"
            && Tokens.IsNumber(tokens[start], out var hour, 2) && Tokens.IsNumber(tokens[start + 2], out var minute, 2)
            && hour <= 23 && minute <= 59
            ? new TimeReading.Read(new LocalTime(hour, minute))
            : NotCaught;
    }

    private static TimeReading? ByWords(List<string> tokens, Func<LocalTime, bool>? isPossible)
    {
        var half = Half.Unknown;
        var core = new List<string>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (token is "a")
            {
                // "2:30a" is a half of the day, "a quarter past" is an article.
                token = i > 0 && Tokens.IsDigits(tokens[i - 1]) ? "am" : ",";
            }

            if (HalfOf(token) is var named && named != Half.Unknown)
            {
                half = half == Half.Unknown || half == named ? named : Half.Contradiction;
            }
            else if (!Fillers.Contains(token))
            {
                core.Add(token);
            }
        }

        if (half == Half.Contradiction)
        {
            return NotCaught;
        }

        switch (core)
        {
            case ["noon" or "midday"] or ["12", "noon" or "midday"]:
                return new TimeReading.Read(LocalTime.Noon);
            case ["midnight"] or ["12", "midnight"]:
                return new TimeReading.Read(LocalTime.Midnight);
            case [] or ["this"] or ["tomorrow"] when half != Half.Unknown:
                return new TimeReading.Ambiguous($"What time in the {(half == Half.Morning ? "morning" : "afternoon or evening")} would you like?");
            default:
                return ClockTime.TryRead(core, out var hour, out var minute) ? Decide(hour, minute, half, isPossible) : null;
        }
    }

    private static TimeReading Decide(int hour, int minute, Half half, Func<LocalTime, bool>? isPossible)
    {
        if (hour is 0 or > 12)
        {
            // "14:30 PM" is said by models; "14:30 AM" and "0:30 PM" contradict themselves.
            var morning = hour == 0;
            return half == Half.Unknown || half == (morning ? Half.Morning : Half.Afternoon)
                ? new TimeReading.Read(new LocalTime(hour, minute))
                : NotCaught;
        }

        var am = new LocalTime(hour % 12, minute);
        var pm = am.PlusHours(12);
        if (half != Half.Unknown)
        {
            return new TimeReading.Read(half == Half.Morning ? am : pm);
        }

        if (isPossible is not null && isPossible(am) != isPossible(pm))
        {
            return new TimeReading.Read(isPossible(am) ? am : pm);
        }

        return hour switch
        {
            12 => new TimeReading.Read(pm),
            >= 8 => new TimeReading.Read(am),
            _ => new TimeReading.Ambiguous($"Do you mean {Phrases.Time(am)} or {Phrases.Time(pm)}?"),
        };
    }

    private static Half HalfOf(string token) => token switch
    {
        "am" or "morning" => Half.Morning,
        "pm" or "p" or "afternoon" or "evening" or "tonight" => Half.Afternoon,
        _ => Half.Unknown,
    };

    private enum Half
    {
        Unknown,
        Morning,
        Afternoon,
        Contradiction,
    }
}
