using static ToolBackend.LocalStack.Simulators.Language.Wire.JsonText;

namespace ToolBackend.LocalStack.Simulators.Language.Wire;

/// <summary>
/// Together: the role in every delta, <c>text</c> beside it, a seed beyond Int64 and the usage in the finish chunk. With tool calls finish_reason comes twice, first
/// together with the last arguments.
/// </summary>
internal static class TogetherFrames
{
    public static IEnumerable<StreamFrame> Of(Draft draft)
    {
        var token = 0;
        foreach (var thought in draft.Reasoning)
        {
            yield return new StreamFrame(Chunk(draft, "", $$"""{"role":"assistant","content":"","reasoning":{{Quote(thought)}}}"""), token++);
        }

        foreach (var text in draft.Text)
        {
            yield return new StreamFrame(Chunk(draft, text, $$"""{"token_id":{{9906 + token}},"role":"assistant","content":{{Quote(text)}}}"""), token++);
        }

        foreach (var frame in Calls(draft, token))
        {
            yield return frame;
        }

        yield return new StreamFrame(
            Chunk(draft, "", """{"token_id":128009,"role":"assistant","content":""}""", Quote(draft.Reason), seed: "15924764223251450000", usage: Usage(draft)), Math.Max(0, draft.Tokens - 1));
    }

    private static IEnumerable<StreamFrame> Calls(Draft draft, int token)
    {
        if (draft.Form == ToolCallForm.AsVendor)
        {
            for (var i = 0; i < draft.Calls.Count; i++)
            {
                var call = draft.Calls[i];
                yield return new StreamFrame(
                    Chunk(draft, "", Delta($$$"""{"index":{{{i}}},"id":{{{Quote(draft.CallId(i))}}},"type":"function","function":{"name":{{{Quote(call.Name)}}},"arguments":""}}""")), token);
                token += 1 + Draft.Pieces(call.Arguments).Count();
                yield return new StreamFrame(
                    Chunk(draft, "", Delta($$$"""{"index":{{{i}}},"function":{"arguments":{{{Quote(call.Arguments)}}}}}"""), i == draft.Calls.Count - 1 ? "\"tool_calls\"" : "null"), token - 1);
            }

            yield break;
        }

        foreach (var delta in ToolCallDeltas.Of(draft, token, draft.Form == ToolCallForm.Whole))
        {
            yield return new StreamFrame(Chunk(draft, "", Delta(delta.Json)), delta.Token);
        }
    }

    private static string Delta(string call) => $$"""{"role":"assistant","content":"","tool_calls":[{{call}}]}""";

    private static string Chunk(Draft draft, string text, string delta, string reason = "null", string seed = "null", string usage = "null") =>
        $$"""{"id":"ogzj{{draft.Number:x8}}","object":"chat.completion.chunk","created":{{draft.Created}},"choices":[{"index":0,"text":{{Quote(text)}},"logprobs":null,"finish_reason":{{reason}},"seed":{{seed}},"delta":{{delta}}}],"model":{{Quote(draft.Request.Model)}},"usage":{{usage}}}""";

    private static string Usage(Draft draft) =>
        $$"""{"prompt_tokens":{{draft.PromptTokens}},"completion_tokens":{{draft.Tokens}},"total_tokens":{{draft.PromptTokens + draft.Tokens}},"cached_tokens":0}""";
}
