using System.Text.RegularExpressions;

namespace ToolBackend.Voice.CallLog;

/// <summary>Keys that a caller pressed, as a model reads them (<c>(pressed 1 2 3)</c>), in Vapi's words for the log: those are masked there, whoever wrote them.</summary>
internal static partial class KeypadText
{
    public static string Of(string turn) => Pressed().Replace(turn, "User's Keypad Entry: ${keys}.");

    [GeneratedRegex(@"\(pressed (?<keys>[0-9*# ]+)\)", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Pressed();
}
