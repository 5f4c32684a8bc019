namespace ToolBackend.Voice.Recording;

/// <summary>What a caller answered to the question whether the call may be recorded.</summary>
internal enum ConsentAnswer
{
    Unclear,
    Agreed,
    Declined,
}

/// <summary>
/// Reads the answer to a yes-or-no question in English. Only a plain yes is one: whoever says anything that sounds like no as well is not recorded.
/// </summary>
internal static class ConsentWords
{
    /// <summary>Hold a word of refusal and refuse nothing.</summary>
    private static readonly string[] s_harmless = ["no problem", "no worries", "no objection", "no objections", "not a problem", "dont mind", "do not mind", "why not"];

    private static readonly HashSet<string> s_no = new(StringComparer.Ordinal)
    {
        "no", "nope", "nah", "not", "dont", "never", "disagree", "decline", "refuse", "object", "without", "stop", "cannot", "cant", "wont", "neither", "rather",
    };

    private static readonly HashSet<string> s_yes = new(StringComparer.Ordinal)
    {
        "yes", "yeah", "yep", "yup", "sure", "ok", "okay", "agree", "agreed", "consent", "fine", "absolutely", "certainly", "definitely", "course", "accept",
    };

    public static ConsentAnswer Read(string said)
    {
        var words = string.Join(' ', new string([.. said.ToLowerInvariant().Where(c => c is not ('\'' or '’')).Select(c => char.IsLetterOrDigit(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var agreed = words is "go ahead" or "please do" or "go for it";
        foreach (var harmless in s_harmless)
        {
            var without = words.Replace(harmless, "", StringComparison.Ordinal);
            agreed |= without.Length < words.Length;
            words = without;
        }

        var left = words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Array.Exists(left, s_no.Contains) ? ConsentAnswer.Declined : agreed || Array.Exists(left, s_yes.Contains) ? ConsentAnswer.Agreed : ConsentAnswer.Unclear;
    }
}
