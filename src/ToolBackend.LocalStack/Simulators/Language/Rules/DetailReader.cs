using System.Text.RegularExpressions;

namespace ToolBackend.LocalStack.Simulators.Language.Rules;

/// <summary>Picks days, times, names, numbers and places out of one utterance, in the caller's own words.</summary>
internal static partial class DetailReader
{
    private const string Weekday = "(?:mon|tues|wednes|thurs|fri|satur|sun)day";
    private const string Month = "(?:january|february|march|april|may|june|july|august|september|october|november|december)";
    private const string OrdinalWord =
        "(?:thirty[- ]first|thirtieth|twenty[- ](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|twentieth|(?:thir|four|fif|six|seven|eigh|nine)teenth|twelfth|eleventh|tenth|ninth|eighth|seventh|sixth|fifth|fourth|third|second|first)";
    private const string Date = $@"(?:{Month} (?:the )?(?:\d{{1,2}}(?:st|nd|rd|th)?|{OrdinalWord})|(?:the )?(?:\d{{1,2}}(?:st|nd|rd|th)|{OrdinalWord}) of {Month}|\d{{4}}-\d\d-\d\d)(?:,? \d{{4}})?";
    private const string DayPattern = $@"(?:the day after tomorrow|today|tomorrow|(?:(?:next|this|coming) )?{Weekday}(?:,? (?:the )?(?:{Date}))?|{Date}|next week)";
    private const string HourWord = "(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)";
    private const string Half = @"(?: ?(?:a\.?m\.?|p\.?m\.?)(?!\w)| in the (?:morning|afternoon|evening)| o'?clock)";
    private const string TimePattern =
        $@"(?:(?:half past|quarter past|quarter to|(?:five|ten|twenty)(?: minutes)? (?:past|to)) (?:{HourWord}|\d{{1,2}}){Half}?|\d{{1,2}}:\d\d{Half}?|(?:{HourWord}|\d{{1,2}}) (?:thirty|fifteen|forty[- ]five){Half}?|(?:{HourWord}|\d{{1,2}}){Half}{{1,2}}|noon|midnight)";
    private const string Digit = "(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|\\d+)";

    public static SaidDetails Read(string text)
    {
        var safePlace = SafePlace().Match(text);
        var pickup = PickupPoint().Match(text);
        var (day, present) = Days(text);
        var notBefore = After().Match(text);
        var time = notBefore.Success ? null : Value(Time().Match(text)) ?? Value(AtHour().Match(text));
        return new SaidDetails
        {
            Service = Value(Service().Match(text)) ?? Value(AppointmentFor().Match(text)),
            Day = day,
            PresentDay = present,
            Time = time,
            NotBefore = Value(notBefore),
            PartOfDay = time is not null ? null : Value(Part().Match(text))?.ToLowerInvariant(),
            Practitioner = Value(Practitioner().Match(text)),
            Name = Value(Name().Match(text)),
            Reference = Value(Reference().Match(text)),
            TrackingNumber = Value(TrackingNumber().Match(text)) ?? Value(BareNumber().Match(text)),
            SafePlace = Value(safePlace) ?? Value(Place().Match(text)),
            PickupPoint = Value(pickup),
        };
    }

    /// <summary>Whatever is said when a name was asked for.</summary>
    public static string? BareName(string text) => Value(Name().Match(text)) ?? Value(Only().Match(text));

    private static (string? Day, string? Present) Days(string text)
    {
        var present = Value(From().Match(text)) ?? Value(Mine().Match(text));
        var rest = present is null ? text : text.Replace(present, "", StringComparison.Ordinal);
        return (Value(Day().Match(rest)), present);
    }

    private static string? Value(Match match) => match.Success ? (match.Groups["x"] is { Success: true } group ? group.Value : match.Value).Trim(' ', ',', '.', '!', '?') : null;

    [GeneratedRegex($@"\b(?<x>{DayPattern})(?!\w)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Day();

    [GeneratedRegex($@"\bfrom (?:the )?(?<x>{DayPattern})(?!\w)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex From();

    [GeneratedRegex($@"\b(?:my|the) (?<x>{DayPattern})(?:'s)? (?:appointment|visit|one|check-?up|cleaning|filling|consultation)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Mine();

    [GeneratedRegex($@"\b(?<x>{TimePattern})(?!\w)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Time();

    [GeneratedRegex($@"\b(?:at|make it|say) (?<x>{HourWord}|\d{{1,2}})\b(?! (?:of|days|{Month}))", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AtHour();

    [GeneratedRegex($@"\b(?:after|not before|from) (?<x>{TimePattern}|{HourWord})(?!\w)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex After();

    [GeneratedRegex(@"\b(?<x>morning|afternoon|evening)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Part();

    [GeneratedRegex(@"\b(?<x>check-?\s?up|cleaning|filling|consultation)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Service();

    [GeneratedRegex($@"\bappointment for (?:an? |my )?(?!{DayPattern})(?<x>[\w' -]{{3,30}}?)(?= (?:on|at|with|next|this|tomorrow|today)\b|[.,?!]|$)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AppointmentFor();

    [GeneratedRegex(@"\bwith (?<x>(?i:doctor |dr\.? )\p{L}+(?: \p{Lu}\p{L}+)?|\p{Lu}\p{L}+(?: \p{Lu}\p{L}+)?)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Practitioner();

    [GeneratedRegex(@"(?i:(?:my|the|family|last|full) name(?: on it)?(?: is|'s)|name is|this is|i'm|i am|it's under|under the name(?: of)?) (?<x>\p{Lu}[\p{L}'-]+(?: \p{Lu}[\p{L}'-]+){0,2})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();

    [GeneratedRegex(@"^\W*(?:it's |it is |sure,? |yes,? )?(?<x>[\p{L}'-]+(?: [\p{L}'-]+){0,3})\W*$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Only();

    [GeneratedRegex($@"\breference(?: number)?(?: is|:)? (?<x>(?:\b(?:[a-z]|{Digit})\b[ -]?){{4,14}}|[a-z]{{2}}[a-z0-9]{{3,8}}\b)|\b(?<x>HR[A-Z0-9]{{3,8}})\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Reference();

    [GeneratedRegex($@"\b(?:tracking )?number(?: is|'s|:)? (?<x>(?:\b(?:[a-z]{{1,2}}|{Digit})\b[ -]?|[a-z]{{2}}\d+){{2,16}})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TrackingNumber();

    [GeneratedRegex($@"\b(?<x>t ?b[ -]?(?:{Digit}\b[ -]?){{1,8}})|(?<![\w:])(?<x>(?:{Digit}\b[ -]){{3,11}}{Digit}\b)|\b(?<x>\d{{5,12}})\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BareNumber();

    [GeneratedRegex(@"\b(?:leave|put|drop) (?:it|them|the (?:parcel|package)) (?:off )?(?<x>(?:on|at|in|behind|by|with|under|next to|near|inside|beside) [\w' -]{3,60}?)(?=[.,?!]| please|$)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SafePlace();

    [GeneratedRegex(@"\b(?<x>(?:on |at |in |behind |with )?(?:the |my )(?:back porch|front porch|porch|garage|shed|side door|front door|back door|neighbou?r))\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Place();

    [GeneratedRegex(@"\b(?:pick (?:it|them) up|collect (?:it|them)|pick-?\s?up point)(?: myself)? (?:at|from|in|called) (?:the )?(?<x>[\w' -]{3,50}?)(?=[.,?!]| please|$)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PickupPoint();
}
