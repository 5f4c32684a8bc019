using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.Reaping;
using ToolBackend.Core.Resilience;

namespace ToolBackend.Core.Tests.Calls.Reaping;

/// <summary>A platform in memory: what it knows is what a test put in. The real one is spoken to in ToolBackend.Api.Tests, against the simulator.</summary>
internal sealed class ScriptedCallSource : ICallSource
{
    private readonly ConcurrentDictionary<string, (ReportedEvent Snapshot, DateTimeOffset UpdatedAt)> _calls = new(StringComparer.Ordinal);

    /// <summary>Thrown by whatever is asked, when set.</summary>
    public UpstreamException? Failure { get; set; }

    public ConcurrentQueue<string> Asked { get; } = new();

    public ConcurrentQueue<(DateTimeOffset From, DateTimeOffset? Before)> Listed { get; } = new();

    /// <summary>Fails the listing of so many windows from now on, one by one, after letting as many through.</summary>
    public int WindowsUntilFailure { get; set; } = int.MaxValue;

    public void Put(string callRef, DateTimeOffset updatedAt, CallFacts facts) => _calls[callRef] = (Snapshot(callRef, updatedAt, facts), updatedAt);

    public static CallFacts Ended(string reason, DateTimeOffset endedAt, string? customer = null) => new()
    {
        Status = "ended",
        EndedReason = reason,
        Call = new CallIdentity("inboundPhoneCall", Customer: customer),
        Report = new ReportFacts { StartedAt = endedAt.AddMinutes(-5), EndedAt = endedAt, Cost = 0.5m },
    };

    public static ReportedEvent Snapshot(string callRef, DateTimeOffset updatedAt, CallFacts facts)
    {
        var id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{callRef} {updatedAt.UtcTicks} {facts.Status}")).AsSpan(0, 16));
        return new ReportedEvent(new CallEvent(callRef, id, CallEventSource.Api, "call", CallEventKind.Snapshot, updatedAt, updatedAt, null, facts), null, null);
    }

    public Task<ReportedEvent?> AskAsync(string callRef, CancellationToken cancellation)
    {
        Asked.Enqueue(callRef);
        return Failure is { } failure ? Task.FromException<ReportedEvent?>(failure) : Task.FromResult(_calls.TryGetValue(callRef, out var known) ? known.Snapshot : null);
    }

    public Task<IReadOnlyList<ReportedEvent>> UpdatedAsync(DateTimeOffset from, DateTimeOffset? before, CancellationToken cancellation)
    {
        Listed.Enqueue((from, before));
        if (Failure is { } failure || WindowsUntilFailure-- <= 0)
        {
            return Task.FromException<IReadOnlyList<ReportedEvent>>(Failure ?? new UpstreamException("Vapi", UpstreamFailure.Unavailable));
        }

        return Task.FromResult<IReadOnlyList<ReportedEvent>>([.. _calls.Values.Where(c => c.UpdatedAt >= from && (before is null || c.UpdatedAt < before)).Select(c => c.Snapshot)]);
    }
}
