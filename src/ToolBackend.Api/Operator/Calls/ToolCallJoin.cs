using System.ComponentModel;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Data.Model;

namespace ToolBackend.Api.Operator.Calls;

/// <summary>One tool call of a call: what the sender says of it and what we measured. Arguments are not kept.</summary>
public sealed record CallToolCall(
    string Id,
    string Name,
    DateTimeOffset? At,
    [property: Description("What the model was told; null when no message said so, or content is not kept.")] string? Result,
    [property: Description("How this service answered, first delivery first; empty when another service did.")] IReadOnlyList<CallToolAnswer> Answers);

public sealed record CallToolAnswer(
    DateTimeOffset At,
    [property: Description("Milliseconds from dispatch to answer.")] float DurationMs,
    [property: Description("A short stable name, such as booked or slot_taken.")] string Outcome,
    bool Failed,
    [property: Description("The slowest tier that was asked: none, memory, redis, database or stale.")] string Source);

/// <summary>Joins a call's tool calls with the invocation log. Either side may lack what the other has.</summary>
internal static class ToolCallJoin
{
    public static IReadOnlyList<CallToolCall> Join(IReadOnlyList<ToolCallFact> facts, IReadOnlyList<ToolInvocationRow> invocations)
    {
        var answers = invocations.OrderBy(i => i.At).ThenBy(i => i.ToolInvocationId).ToLookup(i => i.ToolCallId, StringComparer.Ordinal);
        var told = facts.Select(f => new CallToolCall(f.Id, f.Name, f.At, f.Result, Answers(answers[f.Id])));
        var untold = answers.Where(a => !facts.Any(f => f.Id == a.Key)).Select(a => new CallToolCall(a.Key, a.First().Tool, a.First().At, null, Answers(a)));
        return [.. told.Concat(untold).OrderBy(t => t.At ?? t.Answers.Select(a => a.At).DefaultIfEmpty(DateTimeOffset.MaxValue).First())];
    }

    private static IReadOnlyList<CallToolAnswer> Answers(IEnumerable<ToolInvocationRow> rows) => [.. rows.Select(r => new CallToolAnswer(r.At, r.DurationMs, r.Outcome, r.Failed, r.Source))];
}
