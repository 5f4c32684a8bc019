using System.Globalization;

namespace ToolBackend.Core.Speech;

/// <summary>Turns the words of a spoken code into parts, each with its readings, best first.</summary>
internal static class CodeParts
{
    private static readonly string[] ZeroThenLetter = ["0", "O"];
    private static readonly string[] LetterThenZero = ["O", "0"];

    /// <param name="tokens">As <see cref="Tokens.Cut"/> gives them.</param>
    /// <param name="written">Letters are taken as they stand, no word has a meaning.</param>
    internal static List<string[]> Read(List<string> tokens, bool written)
    {
        var words = tokens.Where(static t => char.IsAsciiLetterOrDigit(t[0])).ToList();
        var parts = new List<string[]>(words.Count);
        for (var i = 0; i < words.Count; i++)
        {
            i += written ? AddWritten(parts, words[i]) : Add(parts, words, i);
        }

        return ResolveOh(parts);
    }

    private static int AddWritten(List<string[]> parts, string word)
    {
        parts.AddRange(word.Select(static c => new[] { char.ToUpperInvariant(c).ToString() }));
        return 0;
    }

    /// <summary>Adds the parts of the word at the index; returns how many words behind it were used up.</summary>
    private static int Add(List<string[]> parts, List<string> words, int index)
    {
        var word = words[index];
        var next = index + 1 < words.Count ? words[index + 1] : "";
        if (CodeWords.Times(word) is > 0 and var times && (next == "oh" ? 'O' : Single(next)) is { } repeated)
        {
            parts.Add((times, repeated) switch
            {
                (2, 'U') => ["W", "UU"],
                (_, 'O') => [new string('0', times), new string('O', times)],
                _ => [new string(repeated, times)],
            });
            return 1;
        }

        // "B as in boy", "B for boy": the word behind only names the letter again.
        if (word.Length == 1 && next == "as" && index + 3 < words.Count && words[index + 2] == "in" && words[index + 3].StartsWith(word, StringComparison.Ordinal))
        {
            AddWritten(parts, word);
            return 3;
        }

        if (word.Length == 1 && char.IsAsciiLetter(word[0]) && next is "for" or "like"
            && index + 2 < words.Count && words[index + 2].Length > 1 && words[index + 2].StartsWith(word, StringComparison.Ordinal))
        {
            AddWritten(parts, word);
            return 2;
        }

        if (word == "x" && next == "ray")
        {
            return AddWritten(parts, word) + 1;
        }

        if (NumberWords.Tens(word, out var tens))
        {
            if (!NumberWords.One(next, out var one))
            {
                parts.Add([Text(tens)]);
                return 0;
            }

            parts.Add([Text(tens + one), Text(tens) + Text(one)]);
            return 1;
        }

        AddSimple(parts, word);
        return 0;
    }

    private static void AddSimple(List<string[]> parts, string word)
    {
        if (Single(word) is { } single)
        {
            parts.Add([single.ToString()]);
        }
        else if (word == "oh")
        {
            parts.Add(["O"]);
        }
        else if (NumberWords.Teen(word, out var teen))
        {
            parts.Add([Text(teen)]);
        }
        else if (word == "hundred")
        {
            parts.Add(["00"]);
        }
        else if (word == "thousand")
        {
            parts.Add(["000"]);
        }
        else if (CodeWords.Homophone(word, out var readings))
        {
            parts.Add(readings);
        }
        else if (Tokens.IsDigits(word) || (word.Length <= 4 && !CodeWords.IsNoise(word)))
        {
            // Short unknown words are runs of letters ("TB"); long ones are talk.
            AddWritten(parts, word);
        }
    }

    /// <summary>The one letter or digit that a word stands for.</summary>
    private static char? Single(string word) =>
        word.Length == 1 ? char.ToUpperInvariant(word[0])
        : word is "zero" or "nought" ? '0'
        : NumberWords.One(word, out var digit) ? (char)('0' + digit)
        : CodeWords.Letter(word, out var letter) ? letter
        : null;

    /// <summary>A run of "O" that touches a digit is most likely zeros, among letters it is letters; the other reading stays possible.</summary>
    private static List<string[]> ResolveOh(List<string[]> parts)
    {
        for (var i = 0; i < parts.Count;)
        {
            var end = i;
            while (end < parts.Count && parts[end] is ["O"])
            {
                end++;
            }

            var besideDigit = (i > 0 && char.IsAsciiDigit(parts[i - 1][0].LastOrDefault()))
                || (end < parts.Count && char.IsAsciiDigit(parts[end][0].FirstOrDefault()));
            for (var oh = i; oh < end; oh++)
            {
                parts[oh] = besideDigit ? ZeroThenLetter : LetterThenZero;
            }

            i = end + 1;
        }

        return parts;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
