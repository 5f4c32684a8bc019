using static ToolBackend.LocalStack.Simulators.Language.Wire.JsonText;

namespace ToolBackend.LocalStack.Simulators.Language.Wire;

/// <summary>Fireworks: the role alone first, <c>reasoning_content</c>, fragments of tool calls, and the usage in the finish chunk whether it was asked for or not.</summary>
internal static class FireworksFrames
{
    public static IEnumerable<StreamFrame> Of(Draft draft)
    {
        var token = 0;
        yield return new StreamFrame(Chunk(draft, """{"role":"assistant"}"""), 0);
        foreach (var thought in draft.Reasoning)
        {
            yield return new StreamFrame(Chunk(draft, $$"""{"reasoning_content":{{Quote(thought)}}}"""), token++);
        }

        foreach (var text in draft.Text)
        {
            yield return new StreamFrame(Chunk(draft, $$"""{"content":{{Quote(text)}}}"""), token++);
        }

        foreach (var delta in ToolCallDeltas.Of(draft, token, draft.Form == ToolCallForm.Whole))
        {
            yield return new StreamFrame(Chunk(draft, $$"""{"tool_calls":[{{delta.Json}}]}"""), delta.Token);
        }

        yield return new StreamFrame(Chunk(draft, "{}", Quote(draft.Reason), Usage(draft)), Math.Max(0, draft.Tokens - 1));
    }

    private static string Chunk(Draft draft, string delta, string reason = "null", string usage = "null") =>
        $$"""{"id":"chatcmpl-{{draft.Number:x12}}","object":"chat.completion.chunk","created":{{draft.Created}},"model":{{Quote(draft.Request.Model)}},"choices":[{"index":0,"delta":{{delta}},"finish_reason":{{reason}}}],"usage":{{usage}}}""";

    private static string Usage(Draft draft) =>
        $$$"""{"prompt_tokens":{{{draft.PromptTokens}}},"total_tokens":{{{draft.PromptTokens + draft.Tokens}}},"completion_tokens":{{{draft.Tokens}}},"prompt_tokens_details":{"cached_tokens":0}}""";
}
