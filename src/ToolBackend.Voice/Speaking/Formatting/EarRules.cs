using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ToolBackend.Voice.Speaking.Formatting;

/// <summary>One formatter each: from what is written to what is said. Pure. All patterns have a time limit, since the text is a model's.</summary>
internal static partial class EarRules
{
    private const int LimitMs = 50;
    private const string Months = "January|February|March|April|May|June|July|August|September|October|November|December";

    private static readonly SearchValues<char> s_vowels = SearchValues.Create("AEIOUY");

    private static readonly string[] s_spelled = ["US", "USA", "UK", "EU", "API", "ID", "FAQ", "ATM", "AI", "IRS", "FBI", "CEO", "URL", "EIN", "UPS", "USPS", "ETA", "DIY", "IOU", "DOB", "IP", "IT"];

    /// <summary>Quotation marks are not heard.</summary>
    public static string Quote(string text) => text.Replace("\"", "", StringComparison.Ordinal).Replace("\u201C", "", StringComparison.Ordinal).Replace("\u201D", "", StringComparison.Ordinal);

    /// <summary>A dash between words is a pause.</summary>
    public static string Dash(string text) => DashPattern().Replace(text, ", ");

    /// <summary>The end of a line is the end of a sentence.</summary>
    public static string Newline(string text) => NewlinePattern().Replace(text, static m => m.Groups[1].Value is "." or "?" or "!" or "," or ":" or ";" ? m.Groups[1].Value + " " : m.Groups[1].Value + ". ");

    /// <summary>A colon is the pause of a full stop.</summary>
    public static string Colon(string text) => ColonPattern().Replace(text, ".");

    /// <summary>Capitals without a vowel, and some with, are spelled: "A T M". Others are words: "nasa".</summary>
    public static string Acronym(string text) => AcronymPattern().Replace(text, static m =>
        m.Value is "AM" or "PM" or "OK" ? m.Value
        : s_spelled.Contains(m.Value, StringComparer.Ordinal) || !m.Value.AsSpan().ContainsAny(s_vowels) ? string.Join(' ', m.Value.ToCharArray())
        : m.Value.ToLowerInvariant());

    /// <summary>$42.50 is "forty two dollars and fifty cents", $5 million "five million dollars".</summary>
    public static string Amount(string text) => AmountPattern().Replace(text, static m =>
    {
        var (unit, part) = m.Groups[1].Value switch { "\u20AC" => ("euro", "cent"), "\u00A3" => ("pound", "penny"), _ => ("dollar", "cent") };
        if (!Whole(m.Groups[2].ValueSpan, out var whole))
        {
            return m.Value;
        }

        if (m.Groups[4].Success)
        {
            return $"{Decimal(whole, m.Groups[3].ValueSpan)} {m.Groups[4].Value.ToLowerInvariant()} {unit}s";
        }

        var cents = m.Groups[3].Length == 0 ? 0 : int.Parse(m.Groups[3].Value.PadRight(2, '0'), CultureInfo.InvariantCulture);
        var partNames = part is "penny" ? "pence" : "cents";
        var small = cents == 0 ? null : $"{SpokenNumbers.Cardinal(cents)} {(cents == 1 ? part : partNames)}";
        return small is not null && whole == 0 ? small
            : SpokenNumbers.Cardinal(whole) + " " + (whole == 1 ? unit : unit + "s") + (small is null ? "" : " and " + small);
    });

    /// <summary>john.doe@example.com is "john dot doe at example dot com".</summary>
    public static string Email(string text) => EmailPattern().Replace(text, static m => m.Value.Replace("@", " at ", StringComparison.Ordinal).Replace(".", " dot ", StringComparison.Ordinal)
        .Replace("_", " underscore ", StringComparison.Ordinal).Replace("-", " dash ", StringComparison.Ordinal).Replace("+", " plus ", StringComparison.Ordinal));

    /// <summary>2026-05-10 and 05/10/2026 are "Sunday, May tenth, twenty twenty six"; "March 3" is "March third".</summary>
    public static string Date(string text)
    {
        text = IsoDatePattern().Replace(text, static m => Day(m, m.Groups[1].ValueSpan, m.Groups[2].ValueSpan, m.Groups[3].ValueSpan));
        text = SlashDatePattern().Replace(text, static m => Day(m, m.Groups[3].ValueSpan, m.Groups[1].ValueSpan, m.Groups[2].ValueSpan));
        return NamedDatePattern().Replace(text, static m => $"{m.Groups[1].Value} {SpokenNumbers.Ordinal(int.Parse(m.Groups[2].ValueSpan, CultureInfo.InvariantCulture))}"
            + (m.Groups[3].Success ? $", {SpokenNumbers.InPairs(int.Parse(m.Groups[3].ValueSpan, CultureInfo.InvariantCulture))}" : ""));
    }

    /// <summary>2:30 p.m. is "two thirty PM", 14:00 "two PM", 2:00 "two o'clock".</summary>
    public static string Time(string text) => TimePattern().Replace(text, m =>
    {
        // The last dot of "p.m." is the sentence's too when the sentence ends there.
        var rest = text.AsSpan(m.Index + m.Length).TrimStart();
        var stop = m.Value is [.., '.'] && (rest.IsEmpty || char.IsUpper(rest[0])) ? "." : "";
        var hour = int.Parse(m.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        var minute = m.Groups[2].Success ? int.Parse(m.Groups[2].ValueSpan, CultureInfo.InvariantCulture) : 0;
        var half = m.Groups[3].Success ? (m.Groups[3].Value[0] is 'a' or 'A' ? " AM" : " PM") : "";
        if (hour > 23 || minute > 59 || (half.Length == 0 && !m.Groups[2].Success))
        {
            return m.Value;
        }

        if (half.Length == 0 && hour > 12)
        {
            (hour, half) = (hour - 12, " PM");
        }

        var tail = minute == 0 ? (half.Length == 0 ? " o'clock" : "") : minute < 10 ? $" oh {SpokenNumbers.Cardinal(minute)}" : $" {SpokenNumbers.Cardinal(minute)}";
        return SpokenNumbers.Cardinal(hour == 0 ? 12 : hour) + tail + (hour == 0 && half.Length == 0 ? " AM" : half) + stop;
    });

    /// <summary>5km is "5 kilometers".</summary>
    public static string Distance(string text) => DistancePattern().Replace(text, static m => m.Groups[1].Value + " " + Plural(m.Groups[1].Value, m.Groups[2].Value switch
    {
        "km" => "kilometer", "cm" => "centimeter", "mm" => "millimeter", "mi" => "mile", "ft" => "foot", "yd" => "yard", _ => "meter",
    }));

    /// <summary>43 lb is "43 pounds".</summary>
    public static string Unit(string text) => UnitPattern().Replace(text, static m => m.Groups[1].Value + " " + Plural(m.Groups[1].Value, m.Groups[2].Value switch
    {
        "lb" or "lbs" => "pound", "kg" => "kilogram", "g" => "gram", "oz" => "ounce", "ml" => "milliliter", "l" or "L" => "liter", "mph" => "mile per hour", "\u00B0F" => "degree Fahrenheit", "\u00B0C" => "degree Celsius",
        _ => "degree",
    }));

    /// <summary>50% is "50 percent".</summary>
    public static string Percentage(string text) => PercentagePattern().Replace(text, "$1 percent");

    /// <summary>(555) 123-4567 is "5 5 5, 1 2 3, 4 5 6 7", with the number formatter in words.</summary>
    public static string Phone(string text) =>
        PhonePattern().Replace(text, static m => string.Join(", ", DigitGroupPattern().Matches(m.Value).SelectMany(static group => Split(group.Value))));

    /// <summary>Whole numbers up to the cutoff are words, longer ones digits; with commas they are quantities; decimals, signs and ordinals are words.</summary>
    public static string Number(string text, double cutoff) => NumberPattern().Replace(text, m =>
    {
        var grouped = m.Groups[2].ValueSpan.Contains(',');
        if (!Whole(m.Groups[2].ValueSpan, out var number))
        {
            return SpokenNumbers.Digits(m.Groups[2].Value.Replace(",", "", StringComparison.Ordinal));
        }

        var minus = m.Groups[1].Success ? "minus " : "";
        if (m.Groups[4].Success)
        {
            return minus + SpokenNumbers.Ordinal(number);
        }

        if (m.Groups[3].Success)
        {
            return minus + Decimal(number, m.Groups[3].ValueSpan);
        }

        var asDigits = (number > cutoff && !grouped) || (m.Groups[2].Value[0] == '0' && m.Groups[2].Length > 1);
        return minus + (asDigits ? SpokenNumbers.Digits(m.Groups[2].ValueSpan) : number is >= 1100 and <= 9999 && !grouped ? SpokenNumbers.InPairs((int)number) : SpokenNumbers.Cardinal(number));
    });

    /// <summary>Ten digits in a row are heard as three, three and four.</summary>
    private static string[] Split(string digits) => digits.Length is 10
        ? [SpokenNumbers.Digits(digits.AsSpan(0, 3)), SpokenNumbers.Digits(digits.AsSpan(3, 3)), SpokenNumbers.Digits(digits.AsSpan(6))]
        : [SpokenNumbers.Digits(digits)];

    private static string Day(Match match, ReadOnlySpan<char> year, ReadOnlySpan<char> month, ReadOnlySpan<char> day) =>
        DateOnly.TryParseExact($"{year}-{int.Parse(month, CultureInfo.InvariantCulture):00}-{int.Parse(day, CultureInfo.InvariantCulture):00}", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? string.Create(CultureInfo.InvariantCulture, $"{date:dddd, MMMM} {SpokenNumbers.Ordinal(date.Day)}, {SpokenNumbers.InPairs(date.Year)}")
            : match.Value;

    private static string Decimal(long whole, ReadOnlySpan<char> digits)
    {
        var words = SpokenNumbers.Cardinal(whole);
        if (digits.IsEmpty)
        {
            return words;
        }

        words += " point";
        foreach (var digit in digits)
        {
            words += " " + SpokenNumbers.Cardinal(digit - '0');
        }

        return words;
    }

    private static bool Whole(ReadOnlySpan<char> digits, out long number) => long.TryParse(digits, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out number) && digits.Length <= 18;

    private static string Plural(string number, string unit) =>
        number is "1" ? unit : unit switch { "foot" => "feet", "mile per hour" => "miles per hour", _ when unit.StartsWith("degree", StringComparison.Ordinal) => "degrees" + unit["degree".Length..], _ => unit + "s" };

    [GeneratedRegex(@"\s+[-\u2013\u2014]+\s+|\s*\u2014\s*", RegexOptions.None, LimitMs)]
    private static partial Regex DashPattern();

    [GeneratedRegex(@"(?<g1>\S)[ ]*\n\s*", RegexOptions.None, LimitMs)]
    private static partial Regex NewlinePattern();

    [GeneratedRegex(@":(?=\s|$)", RegexOptions.None, LimitMs)]
    private static partial Regex ColonPattern();

    [GeneratedRegex(@"(?<![\w.@-])[A-Z]{2,6}(?![\w@-])", RegexOptions.None, LimitMs)]
    private static partial Regex AcronymPattern();

    [GeneratedRegex(@"(?<g1>[$\u20AC\u00A3])\s?(?<g2>\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.(?<g3>\d{1,2})(?!\d))?(?:\s(?<g4>million|billion|thousand|trillion)\b)?", RegexOptions.IgnoreCase, LimitMs)]
    private static partial Regex AmountPattern();

    [GeneratedRegex(@"\b[A-Za-z0-9][A-Za-z0-9._+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}\b", RegexOptions.None, LimitMs)]
    private static partial Regex EmailPattern();

    [GeneratedRegex(@"(?<![\d-])(?<g1>\d{4})[- ](?<g2>\d{2})[- ](?<g3>\d{2})(?![\d-])", RegexOptions.None, LimitMs)]
    private static partial Regex IsoDatePattern();

    [GeneratedRegex(@"(?<![\d/])(?<g1>\d{1,2})/(?<g2>\d{1,2})/(?<g3>\d{4})(?![\d/])", RegexOptions.None, LimitMs)]
    private static partial Regex SlashDatePattern();

    [GeneratedRegex(@"\b(?<g0>" + Months + @")\s(?<g1>\d{1,2})(?:st|nd|rd|th)?(?![\d:.]\d|\d)(?:,?\s(?<g2>\d{4})\b)?", RegexOptions.None, LimitMs)]
    private static partial Regex NamedDatePattern();

    [GeneratedRegex(@"(?<![\d:.])(?<g1>\d{1,2})(?::(?<g2>\d{2}))?(?![\d:])(?:\s?(?<g3>[ap](?:\.m\b\.?|m\b)))?", RegexOptions.IgnoreCase, LimitMs)]
    private static partial Regex TimePattern();

    [GeneratedRegex(@"(?<![\w.,])(?<g1>\d[\d,]*(?:\.\d+)?)\s?(?<g2>km|cm|mm|mi|ft|yd|m)(?![\w'])", RegexOptions.None, LimitMs)]
    private static partial Regex DistancePattern();

    [GeneratedRegex(@"(?<![\w.,])(?<g1>\d[\d,]*(?:\.\d+)?)\s?(?<g2>lbs?|kg|g|oz|ml|l|L|mph|\u00B0[FC]?)(?![\w'])", RegexOptions.None, LimitMs)]
    private static partial Regex UnitPattern();

    [GeneratedRegex(@"(?<g1>\d)\s?%", RegexOptions.None, LimitMs)]
    private static partial Regex PercentagePattern();

    [GeneratedRegex(@"(?<![\w.$,-])(?:\+\d{1,3}[ .-]?)?(?:\(\d{3}\)\s?|\d{3}[ .-]?)\d{3}[ .-]?\d{4}(?![\w-])", RegexOptions.None, LimitMs)]
    private static partial Regex PhonePattern();

    [GeneratedRegex(@"\d+", RegexOptions.None, LimitMs)]
    private static partial Regex DigitGroupPattern();

    [GeneratedRegex(@"(?<![\w.,:/@#-])(?<g1>-)?(?<g2>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?<g3>\d+)|(?<g4>st|nd|rd|th))?(?![\w/@]|[.,:-]\w)", RegexOptions.None, LimitMs)]
    private static partial Regex NumberPattern();
}
