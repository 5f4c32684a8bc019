using ToolBackend.Core.Speech;

namespace ToolBackend.Core.Calls.Routing;

/// <summary>Where new calls of a line go. Whatever it says, a call that Vapi does not take goes to the own pipeline.</summary>
public enum RouteMode
{
    /// <summary>To Vapi while it is healthy.</summary>
    Auto,

    /// <summary>To Vapi, whatever is known of its health: for finding out.</summary>
    Vapi,

    /// <summary>To the own pipeline.</summary>
    Own,

    /// <summary>A part of them to Vapi while it is healthy.</summary>
    Percent,
}

/// <summary>One line's route.</summary>
/// <param name="Line">E.164, or <see cref="Any"/>.</param>
/// <param name="Percent">Of new calls that go to Vapi, 0 to 100; read in <see cref="RouteMode.Percent"/> only.</param>
/// <param name="ChangedBy">Who set it: a key's fingerprint or a word of the command line's.</param>
public sealed record CallRoute(string Line, RouteMode Mode, int Percent, DateTimeOffset ChangedAt, string ChangedBy)
{
    /// <summary>Lines that have no route of their own.</summary>
    public const string Any = "*";

    /// <summary>Before anybody has set one.</summary>
    public static readonly CallRoute Default = new(Any, RouteMode.Auto, 100, DateTimeOffset.MinValue, "default");

    /// <summary><c>auto</c>, <c>vapi</c>, <c>own</c>, or a number of percent such as <c>25</c> or <c>25%</c>; null for anything else.</summary>
    public static (RouteMode Mode, int Percent)? ParseMode(string? text) => text?.Trim().ToLowerInvariant() switch
    {
        "auto" => (RouteMode.Auto, 100),
        "vapi" => (RouteMode.Vapi, 100),
        "own" => (RouteMode.Own, 0),
        { } part when int.TryParse(part.TrimEnd('%'), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var percent) && percent <= 100 => (RouteMode.Percent, percent),
        _ => null,
    };

    /// <summary>E.164 of a line, or <see cref="Any"/>; null for anything else.</summary>
    public static string? ParseLine(string? text) => text is Any ? Any : PhoneNumber.TryParse(text, out var number) ? number.E164 : null;

    /// <summary>The mode as <see cref="ParseMode"/> reads it.</summary>
    public string Word => Mode is RouteMode.Percent ? $"{Percent}%" : Mode.ToString().ToLowerInvariant();

    public override string ToString() => $"{(Line is Any ? "all lines" : "a line")}: {Word}";
}
