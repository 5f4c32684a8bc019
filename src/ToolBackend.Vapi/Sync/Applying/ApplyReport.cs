using ToolBackend.Vapi.Sync.Planning;
using ToolBackend.Vapi.Sync.State;

namespace ToolBackend.Vapi.Sync.Applying;

public enum ApplyEventKind
{
    Started,
    Done,
    Failed,

    /// <summary>Not tried, since something that it needs failed.</summary>
    Skipped,
}

/// <summary>What is happening to one resource.</summary>
/// <param name="Linking">The second step of what refers to something that was made after it.</param>
public sealed record ApplyEvent(ApplyEventKind Kind, ResourceKey Key, PlanAction Action, bool Linking = false)
{
    /// <summary>Why it failed or was skipped.</summary>
    public Exception? Error { get; init; }
}

/// <summary>What an apply did.</summary>
/// <param name="State">As it was written last.</param>
public sealed record ApplyReport(SyncState State, IReadOnlyList<ApplyEvent> Events)
{
    public int Count(PlanAction action) => Events.Count(done => done.Kind == ApplyEventKind.Done && done.Action == action && !done.Linking);

    public IEnumerable<ApplyEvent> Failures => Events.Where(failed => failed.Kind == ApplyEventKind.Failed);

    public bool IsComplete => Events.All(one => one.Kind is ApplyEventKind.Started or ApplyEventKind.Done);
}

/// <summary>An apply that sent nothing, since something stands in its way.</summary>
public sealed class ApplyRefusedException(string message, string fix) : Exception(message)
{
    public string Fix { get; } = fix;

    /// <summary>What stands in the way is at Vapi: something newer than the last apply, or something that is not ours.</summary>
    public bool IsConflict { get; init; }
}
