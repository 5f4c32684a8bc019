using System.Globalization;
using System.Text.RegularExpressions;

namespace ToolBackend.LocalStack.Simulators.Language.Rules;

/// <summary>A free time that a tool offered, in the tool's words.</summary>
internal sealed record Offer(string Day, string Time, string? Practitioner);

/// <summary>Reads the times in a tool's answer, and which of them a caller picks.</summary>
internal static partial class Offers
{
    private static readonly string[] s_hours = ["twelve", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"];
    private static readonly string[] s_ordinals = ["first", "second", "third", "fourth"];

    /// <summary>All times after "there is time", in order.</summary>
    public static IReadOnlyList<Offer> Read(string answer)
    {
        var start = answer.IndexOf("here is time", StringComparison.Ordinal);
        if (start < 0)
        {
            return [];
        }

        var offers = new List<Offer>();
        string? day = null, with = null;
        foreach (Match part in Parts().Matches(answer[start..]))
        {
            if (part.Groups["day"].Success)
            {
                day = part.Groups["day"].Value;
            }
            else if (part.Groups["who"].Success)
            {
                if (offers.Count == 0)
                {
                    with = part.Groups["who"].Value;
                }
                else
                {
                    offers[^1] = offers[^1] with { Practitioner = part.Groups["who"].Value };
                }
            }
            else if (day is not null)
            {
                offers.Add(new Offer(day, part.Groups["time"].Value, with));
            }
        }

        return offers;
    }

    /// <summary>The one that an utterance picks: by its place, its time or its day. Null when it picks none, or several.</summary>
    public static Offer? Pick(IReadOnlyList<Offer> offers, string text, SaidDetails said)
    {
        if (offers.Count == 0)
        {
            return null;
        }

        var ordinal = Array.FindIndex(s_ordinals, word => Regex.IsMatch(text, $@"\b(the )?{word}( one| time)?\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)));
        if (ordinal >= 0 && ordinal < offers.Count && said.Day is null && said.Time is null)
        {
            return offers[ordinal];
        }

        if (Earlier().IsMatch(text))
        {
            return offers[0];
        }

        if (Later().IsMatch(text) || (ordinal < 0 && Last().IsMatch(text)))
        {
            return offers[^1];
        }

        if (said.Time is null && said.Day is null)
        {
            return offers.Count == 1 && WishReader.SaysYes(text) ? offers[0] : One(offers, offer => Minutes(offer.Time) is { } at && BareHour(text) is { } hour && at % 720 == hour);
        }

        return One(offers, offer =>
            (said.Time is null || (Minutes(said.Time) is { } wanted && Minutes(offer.Time) is { } offered && (wanted == offered || (!SaysHalf(said.Time) && wanted % 720 == offered % 720))))
            && (said.Day is null || offer.Day.Contains(said.Day.Split(' ')[^1], StringComparison.OrdinalIgnoreCase) || offer.Day.StartsWith(said.Day.Split(',')[0], StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>Minutes after midnight: "half past two", "2:30 PM", "nine", "noon". Null for anything else.</summary>
    internal static int? Minutes(string time)
    {
        var text = time.ToLowerInvariant().Replace(".", "", StringComparison.Ordinal);
        if (text is "noon" or "midnight")
        {
            return text == "noon" ? 720 : 0;
        }

        var match = Clock().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var hour = Number(match.Groups["hour"].Value) % 12;
        var minute = match.Groups["minute"].Value switch { "thirty" => 30, "fifteen" => 15, "forty-five" or "forty five" => 45, "" => 0, var digits => int.Parse(digits, CultureInfo.InvariantCulture) };
        var shift = match.Groups["before"].Value switch { "half past" => 30, "quarter past" => 15, "quarter to" => -15, _ => 0 };
        var isAfternoon = match.Groups["half"].Value is "pm" or "afternoon" or "evening";
        return (hour * 60) + minute + shift + (isAfternoon ? 720 : 0);
    }

    private static bool SaysHalf(string time) => Clock().Match(time.ToLowerInvariant().Replace(".", "", StringComparison.Ordinal)).Groups["half"].Success;

    private static int? BareHour(string text) => Bare().Match(text) is { Success: true } match ? Number(match.Groups["hour"].Value.ToLowerInvariant()) % 12 * 60 : null;

    private static int Number(string word) => Array.IndexOf(s_hours, word) is var at and >= 0 ? at : int.Parse(word, CultureInfo.InvariantCulture);

    private static Offer? One(IReadOnlyList<Offer> offers, Func<Offer, bool> fits) => offers.Where(fits).Take(2).ToList() is [var only] ? only : null;

    [GeneratedRegex(@"with (?<who>(?:Doctor |Dr\.? )?\p{Lu}[\p{L}'-]+(?: \p{Lu}[\p{L}'-]+)*)|\b(?<day>today|tomorrow|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \p{Lu}\p{L}+ \d+(?:st|nd|rd|th)(?:, \d{4})?)|\b(?<time>\d{1,2}(?::\d\d)? [AP]M|noon|midnight)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Parts();

    [GeneratedRegex(@"(?<before>half past|quarter past|quarter to)? ?\b(?<hour>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b(?:[: ](?<minute>\d\d|thirty|fifteen|forty[- ]five))?(?: o'?clock)?(?: ?(?:in the )?(?<half>am|pm|morning|afternoon|evening))?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Clock();

    [GeneratedRegex(@"^\W*(?:(?:the|at|let's take|i'll take|take|make it|okay,?|yes,?|um,?) )*(?<hour>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?: (?:one|is|works|please|would).*)?\W*$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Bare();

    [GeneratedRegex(@"\b(earlier|earliest|soonest)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Earlier();

    [GeneratedRegex(@"\b(later|latest)( one| time)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Later();

    [GeneratedRegex(@"\bthe last one\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Last();
}
