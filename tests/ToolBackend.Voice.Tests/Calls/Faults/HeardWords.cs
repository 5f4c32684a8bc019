namespace ToolBackend.Voice.Tests.Calls.Faults;

/// <summary>Compares what was heard with what the model said.</summary>
internal static class HeardWords
{
    /// <summary>Every word was heard in its order; at most one part was heard again, not longer than a sentence and without skipping anything.</summary>
    public static void ShouldSay(IReadOnlyList<string> heard, string text)
    {
        var words = text.Split(' ');
        var sentence = words.Length;
        var (at, goneBack) = (0, 0);
        foreach (var word in heard)
        {
            if (at < words.Length && word == words[at])
            {
                at++;
                continue;
            }

            var back = Array.LastIndexOf(words, word, Math.Min(at, words.Length - 1));
            back.ShouldBeGreaterThanOrEqualTo(0, $"\"{word}\" was never said in \"{text}\"; heard \"{string.Join(' ', heard)}\"");
            words[back..at].Count(w => w.EndsWith('.')).ShouldBeLessThanOrEqualTo(1, $"more than a sentence was heard twice: \"{string.Join(' ', heard)}\"");
            goneBack++;
            at = back + 1;
        }

        at.ShouldBe(sentence, $"not all of \"{text}\" was heard: \"{string.Join(' ', heard)}\"");
        goneBack.ShouldBeLessThanOrEqualTo(1, $"heard again more than once: \"{string.Join(' ', heard)}\"");
    }
}
