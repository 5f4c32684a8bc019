using static ToolBackend.LocalStack.Simulators.Language.Wire.JsonText;

namespace ToolBackend.LocalStack.Simulators.Language.Wire;

/// <summary>Groq: x_groq in the first and the finish chunk; with include_usage the usage three times, the last one with empty <c>choices</c>.</summary>
internal static class GroqFrames
{
    public static IEnumerable<StreamFrame> Of(Draft draft)
    {
        var token = 0;
        yield return new StreamFrame(
            Chunk(draft, $$"""{"role":"assistant","content":{{(draft.Calls.Count > 0 && draft.Text.Count == 0 ? "null" : "\"\"")}}}""", "null", $$""","x_groq":{"id":{{RequestId(draft)}},"seed":{{draft.Seed}}}"""), 0);
        foreach (var thought in draft.Reasoning)
        {
            yield return new StreamFrame(Chunk(draft, $$"""{"reasoning":{{Quote(thought)}},"channel":"analysis"}""", "null"), token++);
        }

        foreach (var text in draft.Text)
        {
            yield return new StreamFrame(Chunk(draft, $$"""{"content":{{Quote(text)}}}""", "null"), token++);
        }

        var whole = draft.Form == ToolCallForm.Whole || (draft.Form == ToolCallForm.AsVendor && !draft.Request.Model.Contains("gpt-oss", StringComparison.Ordinal));
        foreach (var delta in ToolCallDeltas.Of(draft, token, whole))
        {
            token = delta.Token;
            yield return new StreamFrame(Chunk(draft, $$"""{"tool_calls":[{{delta.Json}}]}""", "null"), delta.Token);
        }

        var last = Math.Max(0, draft.Tokens - 1);
        var usage = Usage(draft);
        yield return new StreamFrame(
            Chunk(draft, "{}", Quote(draft.Reason), $$""","x_groq":{"id":{{RequestId(draft)}},"usage":{{usage}}}""" + (draft.Request.IncludesUsage ? $",\"usage\":{usage}" : "")), last);
        if (draft.Request.IncludesUsage)
        {
            yield return new StreamFrame($$"""{{{Head(draft)}},"choices":[],"usage":{{usage}},"service_tier":"on_demand"}""", last);
        }
    }

    private static string Chunk(Draft draft, string delta, string reason, string rest = "") =>
        $$"""{{{Head(draft)}},"choices":[{"index":0,"delta":{{delta}},"logprobs":null,"finish_reason":{{reason}}}]{{rest}}}""";

    private static string Head(Draft draft) =>
        $"\"id\":\"chatcmpl-{draft.Number:x12}\",\"object\":\"chat.completion.chunk\",\"created\":{draft.Created},\"model\":{Quote(draft.Request.Model)},\"system_fingerprint\":\"fp_5b339000ab\"";

    private static string RequestId(Draft draft) => $"\"req_01k{draft.Number:x12}\"";

    private static string Usage(Draft draft)
    {
        var details = draft.Reasoning.Count == 0 ? "" : $$""","completion_tokens_details":{"reasoning_tokens":{{draft.Reasoning.Count}}}""";
        return $$"""{"queue_time":0.037,"prompt_tokens":{{draft.PromptTokens}},"prompt_time":0.004,"completion_tokens":{{draft.Tokens}},"completion_time":0.011,"total_tokens":{{draft.PromptTokens + draft.Tokens}},"total_time":0.015{{details}}}""";
    }
}
