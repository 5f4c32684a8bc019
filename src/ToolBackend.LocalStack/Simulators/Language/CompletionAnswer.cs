namespace ToolBackend.LocalStack.Simulators.Language;

/// <summary>A tool call that an answer makes.</summary>
/// <param name="Arguments">JSON text; empty for a tool without parameters.</param>
public sealed record AnsweredCall(string Name, string Arguments);

/// <summary>What the simulated model says to one request, before any vendor's form.</summary>
public sealed record CompletionAnswer
{
    /// <summary>Pieces of the text, one per token; together they are the text.</summary>
    public IReadOnlyList<string> Tokens { get; init; } = [];

    public IReadOnlyList<AnsweredCall> Calls { get; init; } = [];

    /// <summary>Tokens of reasoning before the first one of the text.</summary>
    public int ReasoningTokens { get; init; }

    public string Text => string.Concat(Tokens);

    /// <summary>A text of one token a word, with its punctuation.</summary>
    public static CompletionAnswer Say(string text) => new() { Tokens = Words(text) };

    public static CompletionAnswer Call(string name, string arguments) => new() { Calls = [new AnsweredCall(name, arguments)] };

    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var start = 0;
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsWhiteSpace(text[i]) && !char.IsWhiteSpace(text[i - 1]))
            {
                words.Add(text[start..i]);
                start = i;
            }
        }

        if (start < text.Length)
        {
            words.Add(text[start..]);
        }

        return words;
    }
}
