using System.Text.RegularExpressions;

namespace ToolBackend.LocalStack.Simulators.Twilio.Phone.Scripts;

/// <summary>A free time as it was said.</summary>
/// <param name="Day">"tomorrow" or "Thursday, December third".</param>
/// <param name="Time">"two thirty PM", "noon".</param>
/// <param name="With">Empty when nobody was named.</param>
internal sealed record SpokenOffer(string Day, string Time, string With);

/// <summary>Hears offered times and references in what an agent says, written out for the ear ("two thirty PM") or in digits.</summary>
internal static partial class SpokenOffers
{
    private const string Number =
        @"(\d{1,2}(:\d\d)?|(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)( (oh )?(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|(twenty|thirty|forty|fifty)( \w+)?))?)";

    public static IReadOnlyList<SpokenOffer> Read(string heard)
    {
        var offers = new List<SpokenOffer>();
        var from = heard.IndexOf("there is time", StringComparison.OrdinalIgnoreCase);
        if (from < 0)
        {
            return offers;
        }

        var everyone = OnePerson().Match(heard, from) is { Success: true } one ? one.Groups["who"].Value : "";
        var day = "";
        foreach (Match match in DayOrTime().Matches(heard, from))
        {
            if (match.Groups["day"].Success)
            {
                day = match.Groups["day"].Value;
            }
            else
            {
                offers.Add(new SpokenOffer(day, match.Groups["time"].Value, match.Groups["who"] is { Success: true } who ? who.Value : everyone));
            }
        }

        return offers;
    }

    /// <summary>"H R, seven four, two K" in "The reference is H R, seven four, two K."; null when none was said.</summary>
    public static string? Reference(string heard) => ReferenceSentence().Match(heard) is { Success: true } match ? match.Groups["said"].Value : null;

    [GeneratedRegex(
        $@"(?<day>today|tomorrow|[A-Z][a-z]+day, [A-Z][a-z]+ [\w ]+?)(?= at )|(?<time>{Number} [AP]M|\bnoon|\bmidnight)( with (?<who>[\p{{L}} '-]+?))?(?= or | on |[,;.]|$)",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DayOrTime();

    /// <summary>Said once when all times are with the same person.</summary>
    [GeneratedRegex(@"[Tt]here is time with (?<who>[\p{L} '-]+?)(?= on | today| tomorrow)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OnePerson();

    [GeneratedRegex(@"The reference is (?<said>[^.]+)\.", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ReferenceSentence();
}
