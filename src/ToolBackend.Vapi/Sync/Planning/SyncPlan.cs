using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Sync.Comparison;
using ToolBackend.Vapi.Sync.State;
using ToolBackend.Vapi.Sync.World;

namespace ToolBackend.Vapi.Sync.Planning;

/// <summary>A top-level field on which the sides differ.</summary>
/// <param name="Files">As the files have it, normalised; null when they do not mention it.</param>
/// <param name="Remote">As Vapi has it, normalised; null when it has not.</param>
public sealed record FieldChange(string Name, FieldVerdict Verdict, JsonNode? Files, JsonNode? Remote)
{
    /// <summary>The value is as before; what it refers to gets, or got, another id.</summary>
    public bool Relinks { get; init; }

    /// <summary>Variables of the secrets in it that have other values than when they were last sent.</summary>
    public IReadOnlyList<string> Rotated { get; init; } = [];
}

/// <summary>One resource of a plan.</summary>
public sealed record PlannedResource(ResourceKey Key, PlanAction Action)
{
    /// <summary>What the files want; null when they do not define it.</summary>
    public WantedResource? Wanted { get; init; }

    /// <summary>What is there; null when nothing is, or it is not known which.</summary>
    public RemoteResource? Remote { get; init; }

    /// <summary><see cref="Remote"/> in normal form.</summary>
    public NormalBody? RemoteBody { get; init; }

    /// <summary>What was remembered, or what takes its place: of a create that was cut off, for example. Null for what is new.</summary>
    public ResourceState? Known { get; init; }

    public IReadOnlyList<FieldChange> Fields { get; init; } = [];

    /// <summary>Why, where the action alone does not say it. A clause for people.</summary>
    public string? Reason { get; init; }

    /// <summary>A delete that waits for the word to delete.</summary>
    public bool IsHeldBack { get; init; }

    /// <summary>Ids of those that could be meant, for <see cref="PlanAction.Adopt"/>.</summary>
    public IReadOnlyList<string> Candidates { get; init; } = [];

    /// <summary>Earlier selves that are still at Vapi and are deleted.</summary>
    public IReadOnlyList<string> Leftovers { get; init; } = [];

    /// <summary>What is remembered without a request, since both sides agree by now. Null: nothing new.</summary>
    public ResourceState? Settles { get; init; }

    /// <summary>Whether a request is made for it.</summary>
    public bool Writes => !IsHeldBack && (Leftovers.Count > 0 || Action is PlanAction.Create or PlanAction.Update or PlanAction.Replace or PlanAction.Delete);

    public IEnumerable<FieldChange> Sent => Fields.Where(change => change.Verdict == FieldVerdict.Send);

    public bool HasDrift => Fields.Any(change => change.Verdict is FieldVerdict.Drift or FieldVerdict.Conflict);
}

/// <summary>Something that stands in the way of an apply, or that people should know.</summary>
/// <param name="At">Where the files say it; null when they do not.</param>
public sealed record PlanProblem(ResourceKey Key, string Message, string Fix, bool Blocks, SourceLocation? At = null);

/// <summary>What an apply would do. Pure data; made by <see cref="Planner"/>.</summary>
/// <param name="State">The state that it was made of.</param>
/// <param name="Resources">By kind in the order of creation, then by name.</param>
public sealed record SyncPlan(SyncState State, IReadOnlyList<PlannedResource> Resources, IReadOnlyList<PlanProblem> Problems, PlanOptions Options)
{
    public IEnumerable<PlannedResource> Of(params PlanAction[] actions) => Resources.Where(resource => actions.Contains(resource.Action));

    /// <summary>Whether applying makes any request.</summary>
    public bool HasWrites => Resources.Any(resource => resource.Writes);

    /// <summary>Whether applying changes the state, be it without a request.</summary>
    public bool HasSettling => Resources.Any(resource => resource.Settles is not null || (resource.Action == PlanAction.Forget && !resource.IsHeldBack));

    /// <summary>Whether files and Vapi differ in anything that somebody has to decide or do.</summary>
    public bool IsEmpty => !HasWrites && Problems.All(problem => !problem.Blocks) && !Of(PlanAction.Adopt, PlanAction.Drift, PlanAction.Conflict, PlanAction.Delete, PlanAction.Replace).Any();

    /// <summary>Whether somebody changed something at Vapi since the last apply.</summary>
    public bool HasDrift => Resources.Any(resource => resource.Action is PlanAction.Drift or PlanAction.Conflict || resource.HasDrift);

    /// <summary>What must be decided before anything is sent.</summary>
    public IEnumerable<PlannedResource> Undecided => Of(PlanAction.Adopt, PlanAction.Conflict);
}
