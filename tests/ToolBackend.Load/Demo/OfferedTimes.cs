using System.Text.RegularExpressions;

namespace ToolBackend.Load.Demo;

/// <summary>One time out of an offer, in the words it was offered in.</summary>
internal sealed record OfferedTime(string Day, string Time, string Practitioner);

/// <summary>Reads what <c>find_open_slots</c> says as a model would: "Thursday, December 3rd at 9 AM with Doctor Alice Nguyen or 2:15 PM with ...".</summary>
internal static partial class OfferedTimes
{
    public static IReadOnlyList<OfferedTime> Read(string sentence)
    {
        var offers = new List<OfferedTime>();
        var day = "";
        var everyone = OnePerson().Match(sentence) is { Success: true } one ? one.Groups["who"].Value : "";
        foreach (Match match in DayOrTime().Matches(sentence))
        {
            if (match.Groups["day"].Success)
            {
                day = match.Groups["day"].Value;
            }
            else
            {
                offers.Add(new OfferedTime(day, match.Groups["time"].Value, match.Groups["who"] is { Success: true } who ? who.Value : everyone));
            }
        }

        return offers;
    }

    /// <summary>The spoken reference in "The reference is H, R, B, ...".</summary>
    public static string? Reference(string sentence) => ReferenceSentence().Match(sentence) is { Success: true } match ? match.Groups["said"].Value : null;

    [GeneratedRegex(
        @"(?<day>today|tomorrow|[A-Z][a-z]+day, [A-Z][a-z]+ \d{1,2}(st|nd|rd|th)(, \d{4})?)(?= at )|(?<time>\d{1,2}(:\d\d)? [AP]M|noon|midnight)( with (?<who>[\p{L} '-]+?))?(?= or |[,;.]|$)",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DayOrTime();

    /// <summary>Said once when all times are with the same person: "there is time with Doctor Alice Nguyen on ...".</summary>
    [GeneratedRegex(@"[Tt]here is time with (?<who>[\p{L} '-]+?)(?= on | today| tomorrow)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OnePerson();

    [GeneratedRegex(@"The reference is (?<said>[^.]+)\.", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ReferenceSentence();
}
