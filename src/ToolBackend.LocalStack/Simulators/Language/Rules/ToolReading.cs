using System.Text.RegularExpressions;

namespace ToolBackend.LocalStack.Simulators.Language.Rules;

/// <summary>What a tool's sentence means for the conversation.</summary>
internal enum ToolMeaning
{
    /// <summary>Facts, a refusal, or a question to pass on.</summary>
    Told,

    /// <summary>Something was done: booked, moved, cancelled, changed.</summary>
    Done,

    /// <summary>It asks for a clear yes before it acts.</summary>
    Confirm,

    /// <summary>Call it again with the same words.</summary>
    Again,

    NameNeeded,

    /// <summary>A number and a family name are needed.</summary>
    ProofNeeded,

    /// <summary>Nobody can do it here now: offer a person.</summary>
    OfferPerson,
}

/// <summary>Reads a tool's sentence: what it means, and how it is said to the caller, with its facts untouched and its instructions left out.</summary>
internal static partial class ToolReading
{
    public static ToolMeaning Meaning(string result) =>
        result.StartsWith("I'm still working", StringComparison.Ordinal) || result.StartsWith("I can't tell yet", StringComparison.Ordinal) ? ToolMeaning.Again
        : result.Contains("Ask for their full name", StringComparison.Ordinal) ? ToolMeaning.NameNeeded
        : result.Contains("confirmed set to true", StringComparison.Ordinal) ? ToolMeaning.Confirm
        : result.Contains("family name on", StringComparison.Ordinal) ? ToolMeaning.ProofNeeded
        : result.Contains("to a person", StringComparison.Ordinal) ? ToolMeaning.OfferPerson
        : Finished().IsMatch(result) ? ToolMeaning.Done
        : ToolMeaning.Told;

    /// <summary>As the assistant says it: one or two short sentences.</summary>
    public static string Spoken(string result)
    {
        var said = new List<string>();
        foreach (Match sentence in Sentences().Matches(result))
        {
            var text = Say(sentence.Value.Trim());
            if (text.Length > 0)
            {
                said.Add(text);
            }
        }

        return string.Join(' ', said);
    }

    private static string Say(string sentence)
    {
        if (Drop().IsMatch(sentence))
        {
            return "";
        }

        foreach (var (pattern, words) in s_instructions)
        {
            if (pattern.IsMatch(sentence))
            {
                return Capital(pattern.Replace(sentence, words));
            }
        }

        return Capital(sentence
            .Replace("the caller already has", "you already have", StringComparison.Ordinal)
            .Replace("The caller has", "You have", StringComparison.Ordinal)
            .Replace("They have", "You have", StringComparison.Ordinal)
            .Replace(" for this caller", "", StringComparison.Ordinal)
            .Replace("The caller should", "Please", StringComparison.Ordinal)
            .Replace("the caller has", "you have", StringComparison.Ordinal)
            .Replace("the caller's", "your", StringComparison.Ordinal));
    }

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    private static readonly (Regex Pattern, string Words)[] s_instructions =
    [
        (new Regex(@"^Ask the caller: (?<q>.+)$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)), "${q}"),
        (new Regex(@"^Ask whether that suits\.$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)), "Does that suit you?"),
        (new Regex(@"^Ask which one suits\.$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)), "Which one suits you best?"),
        (new Regex(@"^Ask which one (they|the caller) (mean|means|wants)\.$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)), "Which one do you mean?"),
        (new Regex(@"^Ask which (one|(?<n>[\w -]+?) the caller (wants|means)): (?<l>.+)\.$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)), "Which ${n} would you like: ${l}?"),
        (new Regex(@"^Ask the caller which one they want\.$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)), "Which one would you like?"),
        (new Regex(@"^Ask the caller for one thing: (?<l>.+)\.$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)), "Would you like ${l}?"),
        (new Regex(@"^Ask for their full name.*$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)), "What is your full name?"),
        (new Regex(@"^(For security, ask|Ask|If the caller .*, ask)\b.*(reference|tracking number).*family name.*$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)), "Could you tell me the number, slowly, and the family name on it?"),
        (new Regex(@"^Ask (for|the caller for) (?<w>an(other)? .+?|an earlier date)\.$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)), "What would suit you instead?"),
        (new Regex(@"^(Offer|Suggest) (?!to |that|another)(?<d>.+?)( instead)?\.$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)), "Would ${d} work instead?"),
        (new Regex(@"^Offer another day or a safe place instead\.$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)), "Would you like another day or a safe place instead?"),
        (new Regex(@"^Offer that\.$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)), "Would that suit you?"),
        (new Regex(@"^(Say so plainly, and o|Apologize, and o|O)ffer to .*to a person\.$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)), "I'm sorry. Shall I connect you to a person?"),
        (new Regex(@"^Offer to book .*$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)), "Would you like to book one?"),
        (new Regex(@"^Apologize for the delay\.$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)), "I'm sorry about the delay."),
    ];

    [GeneratedRegex(@"^(Booked|Moved|Cancelled|Done): |^That appointment is already cancelled", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Finished();

    // "2 p.m." and "Dr. X" do not occur in our tools' sentences.
    [GeneratedRegex(@"[^.?!]+[.?!]?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sentences();

    [GeneratedRegex(@"^(If they clearly say yes|If they |Do not say|Nothing more needs|Call the tool again|Nothing is (cancelled|moved) yet\.)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Drop();
}
