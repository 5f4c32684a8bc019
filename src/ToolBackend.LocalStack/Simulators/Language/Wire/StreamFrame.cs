namespace ToolBackend.LocalStack.Simulators.Language.Wire;

/// <summary>One event of a stream.</summary>
/// <param name="Data">JSON.</param>
/// <param name="Token">Index of the token whose moment it waits for; frames of the same token leave together.</param>
internal readonly record struct StreamFrame(string Data, int Token);

/// <summary>An answer that was cut to its limit, ready to be written in a vendor's form.</summary>
/// <param name="Reason">stop, length or tool_calls.</param>
internal sealed record Draft(
    CompletionRequest Request, IReadOnlyList<string> Reasoning, IReadOnlyList<string> Text, IReadOnlyList<AnsweredCall> Calls, string Reason, ToolCallForm Form, long Number, long Created)
{
    /// <summary>Letters of arguments that count as one token.</summary>
    private const int LettersOfAToken = 4;

    /// <summary>Counted roughly, as four letters a token.</summary>
    public int PromptTokens { get; } = 1 + (Request.Messages.Sum(message => message.Content.Length) / 4);

    public int Tokens => Reasoning.Count + Text.Count + Calls.Sum(call => 1 + Pieces(call.Arguments).Count());

    public string Seed => (687314058UL + (ulong)Number).ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static IEnumerable<string> Pieces(string arguments) => arguments.Chunk(LettersOfAToken).Select(letters => new string(letters));

    public string CallId(int index) => $"{(Request.Vendor == SimulatedVendor.Groq ? "fc_" : "call_")}{Number:x8}{index:x2}";

    /// <param name="defaultLimit">Tokens when the request sets no limit.</param>
    public static Draft Of(CompletionRequest request, CompletionAnswer answer, ToolCallForm form, long number, long created, int defaultLimit)
    {
        var limit = request.MaxTokens ?? defaultLimit;
        var reasoning = Thoughts.Of(Math.Min(answer.ReasoningTokens, limit));
        var text = answer.Tokens.Take(limit - reasoning.Count).ToList();
        var isCut = answer.ReasoningTokens + answer.Tokens.Count > limit || (answer.ReasoningTokens >= limit && answer.ReasoningTokens > 0);
        var calls = isCut ? [] : answer.Calls;
        return new Draft(request, reasoning, text, calls, isCut ? "length" : calls.Count > 0 ? "tool_calls" : "stop", form, number, created);
    }
}

internal static class Thoughts
{
    private static readonly string[] s_words = ["The", " user", " wants", " something", ",", " so", " we", " think", " about", " it", "."];

    public static List<string> Of(int tokens) => [.. Enumerable.Range(0, tokens).Select(i => s_words[i % s_words.Length])];
}
