using static ToolBackend.LocalStack.Simulators.Language.Wire.JsonText;

namespace ToolBackend.LocalStack.Simulators.Language.Wire;

/// <summary>One element of a delta's <c>tool_calls</c>, and the token it waits for.</summary>
internal readonly record struct ToolCallDelta(string Json, int Token);

/// <summary>Cuts tool calls into deltas.</summary>
internal static class ToolCallDeltas
{
    /// <param name="firstToken">Index of the first token of the calls.</param>
    public static IEnumerable<ToolCallDelta> Of(Draft draft, int firstToken, bool whole) => whole ? Whole(draft, firstToken) : Fragments(draft, firstToken);

    private static IEnumerable<ToolCallDelta> Whole(Draft draft, int token)
    {
        for (var i = 0; i < draft.Calls.Count; i++)
        {
            var call = draft.Calls[i];
            token += 1 + Draft.Pieces(call.Arguments).Count();
            yield return new ToolCallDelta(
                $$"""{"id":{{Quote(draft.CallId(i))}},"type":"function","function":{"name":{{Quote(call.Name)}},"arguments":{{Quote(call.Arguments)}}},"index":{{i}}}""", token - 1);
        }
    }

    private static IEnumerable<ToolCallDelta> Fragments(Draft draft, int token)
    {
        for (var i = 0; i < draft.Calls.Count; i++)
        {
            yield return new ToolCallDelta($$$"""{"index":{{{i}}},"id":{{{Quote(draft.CallId(i))}}},"type":"function","function":{"name":{{{Quote(draft.Calls[i].Name)}}},"arguments":""}}""", token++);
        }

        var pieces = draft.Calls.Select(call => new Queue<string>(Draft.Pieces(call.Arguments))).ToList();
        while (pieces.Exists(left => left.Count > 0))
        {
            for (var i = 0; i < pieces.Count; i++)
            {
                if (pieces[i].TryDequeue(out var piece))
                {
                    yield return new ToolCallDelta($$$"""{"index":{{{i}}},"function":{"arguments":{{{Quote(piece)}}}}}""", token++);
                }
            }
        }
    }
}
