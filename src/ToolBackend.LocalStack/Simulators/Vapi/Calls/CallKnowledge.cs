namespace ToolBackend.LocalStack.Simulators.Vapi.Calls;

/// <summary>What only the outside can tell a scripted call: how its questions were answered. Without an answer the script's own words stand.</summary>
internal sealed class CallKnowledge
{
    private readonly Dictionary<int, string> _results = [];

    /// <summary>Number to transfer to, as the server answered; null: the script's.</summary>
    public string? Destination { get; set; }

    public void SetResult(int index, string result) => _results[index] = result;

    public string ResultOf(PlannedToolCall call) => _results.GetValueOrDefault(call.Index, call.Call.Result);

    /// <summary>Arguments of a call, chosen from what was heard before it.</summary>
    public string ArgumentsOf(PlannedToolCall call, IReadOnlyList<PlannedToolCall> all) =>
        call.Call.ArgumentsAfter?.Invoke([.. all.Take(call.Index).Select(ResultOf)]) ?? call.Call.Arguments;
}
