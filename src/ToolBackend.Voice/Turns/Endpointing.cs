using System.Text.RegularExpressions;
using ToolBackend.Vapi.Definitions.Model;

namespace ToolBackend.Voice.Turns;

/// <summary>How long after a pause a caller's turn is over, by a definition's <c>startSpeakingPlan</c>.</summary>
internal static class Endpointing
{
    /// <summary>Rules come from files; the longest texts that callers say are matched in microseconds.</summary>
    private static readonly TimeSpan s_matchLimit = TimeSpan.FromMilliseconds(20);

    /// <summary>After a transcriber that only knows silence. The first rule that matches decides; else how the words end.</summary>
    /// <param name="said">What we said last.</param>
    public static TimeSpan AfterPause(StartSpeaking plan, string words, string said) =>
        Max(plan.Wait, Rule(plan, words, said) ?? (words.Length == 0 ? plan.OnNoPunctuation : char.IsDigit(LastWordCharacter(words)) ? plan.OnNumber : IsEnd(words[^1]) ? plan.OnPunctuation : plan.OnNoPunctuation));

    /// <summary>After a transcriber that has decided by meaning: only a rule, or the wait, delays it.</summary>
    public static TimeSpan AfterEndOfTurn(StartSpeaking plan, string words, string said) => Rule(plan, words, said) is { } rule ? Max(plan.Wait, rule) : plan.Wait;

    private static TimeSpan? Rule(StartSpeaking plan, string words, string said)
    {
        foreach (var rule in plan.Rules)
        {
            if (Matches(rule.AssistantRegex, said, rule) && Matches(rule.CustomerRegex, words, rule))
            {
                return rule.Timeout;
            }
        }

        return null;
    }

    private static bool Matches(string? pattern, string text, EndpointingRule rule)
    {
        if (pattern is null)
        {
            return true;
        }

        try
        {
            var whole = rule.WholeWord ? $@"\b(?:{pattern})\b" : pattern;
            return Regex.IsMatch(text, whole, RegexOptions.CultureInvariant | (rule.IgnoreCase ? RegexOptions.IgnoreCase : RegexOptions.None), s_matchLimit);
        }
        catch (Exception e) when (e is RegexMatchTimeoutException or RegexParseException)
        {
            return false; // validate refuses patterns that do not parse; a slow one must not cost a caller more than it says
        }
    }

    /// <summary>"twenty five." ends with a letter, "25." with a digit.</summary>
    private static char LastWordCharacter(string words)
    {
        var at = words.Length - 1;
        while (at > 0 && !char.IsLetterOrDigit(words[at]))
        {
            at--;
        }

        return words[at];
    }

    private static bool IsEnd(char c) => c is '.' or '?' or '!' or '…' or '。' or '？' or '！';

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
