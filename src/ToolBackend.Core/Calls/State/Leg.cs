using ToolBackend.Core.Calls.Events;

namespace ToolBackend.Core.Calls.State;

/// <summary>What the events of one id and side say, taken for themselves.</summary>
internal sealed record Leg
{
    public const string Vapi = "vapi";
    public const string Own = "own";

    public required string Ref { get; init; }

    public required string Side { get; init; }

    /// <summary>In <see cref="EventOrder"/>; at least one.</summary>
    public required IReadOnlyList<CallEvent> Events { get; init; }

    /// <summary>Of <see cref="StatusLattice"/>; 0 when nothing is known.</summary>
    public required int Rank { get; init; }

    /// <summary>The first and last moment at which, by what is known, two parties were on the line.</summary>
    public DateTimeOffset? FirstLife { get; init; }

    public DateTimeOffset? LastLife { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public string? EndedReason { get; init; }

    /// <summary>False when it was only given up.</summary>
    public bool IsEndTold { get; init; }

    /// <summary>All reports and snapshots in one, as they came.</summary>
    public required ReportFacts Report { get; init; }

    public bool HasReport { get; init; }

    public bool Ran => FirstLife is not null;

    public bool IsEnded => Rank == StatusLattice.Ended;

    public DateTimeOffset OpenedAt => Events[0].SentAt;

    public CallLeg Shown => new(
        Ref, Side, StatusLattice.WordOf(Rank), Ran, StartedAt, IsEnded ? EndedAt : null, IsEnded ? EndedReason : null, IsEnded ? EndedReasons.Classify(EndedReason) : null, HasReport);
}
