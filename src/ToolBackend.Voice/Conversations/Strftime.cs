using System.Globalization;
using System.Text;
using NodaTime;

namespace ToolBackend.Voice.Conversations;

/// <summary>Liquid's date directives, in English.</summary>
internal static class Strftime
{
    public static string Format(ZonedDateTime at, string format)
    {
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 >= format.Length)
            {
                text.Append(format[i]);
                continue;
            }

            var isBare = format[i + 1] is '-' && i + 2 < format.Length;
            var directive = format[i += isBare ? 2 : 1];
            text.Append(Directive(at, directive, isBare) ?? $"%{directive}");
        }

        return text.ToString();
    }

    private static string? Directive(ZonedDateTime at, char directive, bool isBare)
    {
        string Number(int value, int width) => value.ToString(isBare ? "0" : new string('0', width), CultureInfo.InvariantCulture);
        string With(string pattern) => at.ToString(pattern, CultureInfo.InvariantCulture);
        return directive switch
        {
            'A' => With("dddd"),
            'a' => With("ddd"),
            'B' => With("MMMM"),
            'b' or 'h' => With("MMM"),
            'd' => Number(at.Day, 2),
            'e' => Number(at.Day, 1).PadLeft(isBare ? 1 : 2),
            'm' => Number(at.Month, 2),
            'Y' => With("yyyy"),
            'y' => With("yy"),
            'H' => Number(at.Hour, 2),
            'I' or 'l' => Number((at.Hour + 11) % 12 + 1, directive is 'I' ? 2 : 1),
            'M' => Number(at.Minute, 2),
            'S' => Number(at.Second, 2),
            'p' => at.Hour < 12 ? "AM" : "PM",
            'P' => at.Hour < 12 ? "am" : "pm",
            'j' => Number(at.DayOfYear, 3),
            'Z' => at.GetZoneInterval().Name,
            'z' => at.Offset.ToString("+HHmm", CultureInfo.InvariantCulture),
            'F' => With("yyyy-MM-dd"),
            'T' => With("HH:mm:ss"),
            'R' => With("HH:mm"),
            'D' => With("MM/dd/yy"),
            's' => at.ToInstant().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            'u' => ((int)at.DayOfWeek).ToString(CultureInfo.InvariantCulture),
            'w' => ((int)at.DayOfWeek % 7).ToString(CultureInfo.InvariantCulture),
            '%' => "%",
            _ => null,
        };
    }
}
