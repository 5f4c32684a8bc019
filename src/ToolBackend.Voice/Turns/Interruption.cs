using System.Text;
using ToolBackend.Vapi.Definitions.Model;

namespace ToolBackend.Voice.Turns;

internal enum Overlap
{
    /// <summary>Nothing that says anything.</summary>
    None,

    /// <summary>"Mhm": go on.</summary>
    BackChannel,

    /// <summary>Words, but fewer than it takes.</summary>
    TooFew,
    Interrupts,
}

/// <summary>Whether words that a caller says over us are meant to stop us, by a definition's <c>stopSpeakingPlan</c>.</summary>
internal sealed class Interruption
{
    /// <summary>Vapi's documented defaults are of this kind; compared without case and punctuation.</summary>
    private static readonly string[] s_acknowledgements =
    [
        "i understand", "i see", "i got it", "i hear you", "im listening", "im with you", "right", "okay", "ok", "sure", "alright", "got it", "understood", "yeah", "yes", "uh-huh", "mm-hmm",
        "gotcha", "mhmm", "mhm", "mm", "ah", "oh", "yeah okay", "yeah sure",
    ];

    private static readonly string[] s_interruptions =
    [
        "stop", "shut up", "enough", "quiet", "silence", "but", "dont", "no", "not", "nope", "nah", "never", "wait", "hold", "actually", "hold on", "one second",
    ];

    private readonly string[] _acknowledgements;
    private readonly string[] _interruptions;
    private readonly int _words;

    public Interruption(StopSpeaking plan)
    {
        _acknowledgements = [.. (plan.AcknowledgementPhrases ?? s_acknowledgements).Select(Plain).Where(p => p.Length > 0)];
        _interruptions = [.. (plan.InterruptionPhrases ?? s_interruptions).Select(Plain).Where(p => p.Length > 0)];
        _words = Math.Max(1, plan.Words);
    }

    public Overlap Of(string words)
    {
        var said = Plain(words);
        if (said.Length == 0)
        {
            return Overlap.None;
        }

        // A phrase interrupts where the caller begins with it: "no, Thursday", but not "there is no hurry".
        if (Array.Exists(_interruptions, phrase => BeginsWith(said, phrase)))
        {
            return Overlap.Interrupts;
        }

        if (IsOnlyAcknowledgement(said))
        {
            return Overlap.BackChannel;
        }

        return said.Count(' ') + 1 >= _words ? Overlap.Interrupts : Overlap.TooFew;
    }

    /// <summary>The same words, whatever their case and punctuation: transcribers format a turn anew when it ends.</summary>
    public static bool SameWords(string a, string b) => string.Equals(a, b, StringComparison.Ordinal) || string.Equals(Plain(a), Plain(b), StringComparison.Ordinal);

    /// <summary>One phrase or several: "okay yeah".</summary>
    private bool IsOnlyAcknowledgement(ReadOnlySpan<char> said)
    {
        while (said.Length > 0)
        {
            var taken = 0;
            foreach (var phrase in _acknowledgements)
            {
                if (phrase.Length > taken && BeginsWith(said, phrase))
                {
                    taken = phrase.Length;
                }
            }

            if (taken == 0)
            {
                return false;
            }

            said = said[taken..].TrimStart(' ');
        }

        return true;
    }

    private static bool BeginsWith(ReadOnlySpan<char> said, string phrase) =>
        said.StartsWith(phrase, StringComparison.Ordinal) && (said.Length == phrase.Length || said[phrase.Length] == ' ');

    /// <summary>Lower-case words with one space between; apostrophes fall away, other marks part words.</summary>
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        var gap = false;
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c))
            {
                if (gap && plain.Length > 0)
                {
                    plain.Append(' ');
                }

                plain.Append(char.ToLowerInvariant(c));
                gap = false;
            }
            else if (c is not ('\'' or '’'))
            {
                gap = true;
            }
        }

        return plain.ToString();
    }
}
