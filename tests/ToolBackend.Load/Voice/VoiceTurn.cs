using System.Globalization;
using System.Text.RegularExpressions;

namespace ToolBackend.Load.Voice;

/// <summary>One turn's name, which stands in what its caller says and in what the model answers: so it is found again in the vendors' logs.</summary>
internal static partial class VoiceTurn
{
    public static string Name(int line, int turn) => string.Create(CultureInfo.InvariantCulture, $"{line}x{turn}");

    public static string Question(string turn) => $"Caller{turn} asks where it is.";

    /// <summary>31 words in three sentences, the first of nine.</summary>
    public static string Answer(string turn) =>
        $"Parcel{turn} left the depot in Tacoma early this morning. It should reach you on Thursday between two and four in the afternoon. We will send you a message then.";

    /// <summary>The turn that a text belongs to; null for none.</summary>
    public static string? Of(string text) => Found().Match(text) is { Success: true } match ? match.Groups["turn"].Value : null;

    [GeneratedRegex(@"(Caller|Parcel)(?<turn>\d+x\d+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Found();
}
