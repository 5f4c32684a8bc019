using ToolBackend.Core.Calls.Events;

namespace ToolBackend.Core.Calls.State;

/// <summary>Tool calls, each once, whoever tells of it: by id. What the model was told is best known from the report.</summary>
internal static class ToolCallsFold
{
    /// <summary>What a call is called of which only the result was heard.</summary>
    private const string Unnamed = "unknown";

    /// <param name="ordered">All of the call's events in <see cref="EventOrder"/>.</param>
    public static IReadOnlyList<ToolCallFact> Of(IReadOnlyList<CallEvent> ordered)
    {
        var byId = new Dictionary<string, (ToolCallFact Call, bool IsFinal)>(StringComparer.Ordinal);
        foreach (var e in ordered)
        {
            foreach (var told in e.Facts?.Tools ?? [])
            {
                if (told is null || Texts.Short(told.Id) is not { } id)
                {
                    continue;
                }

                var isFinal = StatusLattice.IsFinal(e);
                var at = told.At ?? (e.Kind == CallEventKind.ToolCalls ? e.SentAt : null);
                var call = new ToolCallFact(id, Texts.Short(told.Name) ?? "", at?.ToUniversalTime(), Texts.Long(told.Result));
                byId[id] = byId.TryGetValue(id, out var known) ? (Join(known, call, isFinal), known.IsFinal || (isFinal && call.Result is not null)) : (call, isFinal && call.Result is not null);
            }
        }

        return [.. byId.Values.Select(static c => c.Call).OrderBy(static c => c.At ?? DateTimeOffset.MaxValue).ThenBy(static c => c.Id, StringComparer.Ordinal)];
    }

    private static ToolCallFact Join((ToolCallFact Call, bool IsFinal) known, ToolCallFact told, bool isFinal) => known.Call with
    {
        Name = known.Call.Name is "" or Unnamed && told.Name.Length > 0 ? told.Name : known.Call.Name,
        At = known.Call.At ?? told.At,
        Result = isFinal || !known.IsFinal ? told.Result ?? known.Call.Result : known.Call.Result,
    };
}
