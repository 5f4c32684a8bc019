using ToolBackend.LocalStack.Simulators.Audio;

namespace ToolBackend.LocalStack.Simulators.Transcripts;

/// <summary>Texts of words that were heard.</summary>
internal static class Transcript
{
    private const double BytesPerSecond = MuLaw.BytesPerSecond;

    /// <summary>As said, the first letter capital where it begins a sentence.</summary>
    public static string Sentence(IReadOnlyList<HeardWord> words, bool isBeginning)
    {
        var text = string.Join(' ', words.Select(word => word.Text));
        return isBeginning && text.Length > 0 && char.IsLower(text[0]) ? char.ToUpperInvariant(text[0]) + text[1..] : text;
    }

    /// <summary>Lower case, no punctuation.</summary>
    public static string Plain(IReadOnlyList<HeardWord> words) => string.Join(' ', words.Select(word => Plain(word.Text)));

    /// <summary>Without punctuation around it; a word that is nothing else stays.</summary>
    public static string Plain(string word)
    {
        var from = 0;
        var to = word.Length;
        while (from < to && !char.IsLetterOrDigit(word[from]))
        {
            from++;
        }

        while (to > from && !char.IsLetterOrDigit(word[to - 1]))
        {
            to--;
        }

        return from == to ? word : word[from..to].ToLowerInvariant();
    }

    public static double Seconds(long bytes) => bytes / BytesPerSecond;
}
