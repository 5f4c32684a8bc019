using System.Globalization;

namespace ToolBackend.Vapi.Messages;

/// <summary>Times as Vapi and its older versions write them. Anything else is absent.</summary>
internal static class VapiTime
{
    /// <summary>As milliseconds this is March 1973, as seconds the year 5138.</summary>
    private const double FirstMilliseconds = 1e11;

    private const double Earliest = -62_135_596_800_000;
    private const double Latest = 253_402_300_799_999;

    /// <summary>Milliseconds since 1970; seconds where milliseconds would lie before Vapi's time.</summary>
    public static DateTimeOffset? FromNumber(double value)
    {
        var milliseconds = value is > 0 and < FirstMilliseconds ? value * 1000 : value;
        return milliseconds is >= Earliest and <= Latest ? DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds) : null;
    }

    /// <summary>ISO 8601; without an offset it is UTC.</summary>
    public static DateTimeOffset? FromText(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    /// <summary>What a call can have happened at; a clock that says something else says nothing.</summary>
    public static DateTimeOffset? Plausible(DateTimeOffset? time) => time is { Year: >= 2015 and < 2100 } ? time : null;
}
