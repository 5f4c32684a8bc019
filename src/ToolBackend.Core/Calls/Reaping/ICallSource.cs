using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Resilience;

namespace ToolBackend.Core.Calls.Reaping;

/// <summary>Knows the calls of the voice platform, asked when it did not tell. Answers are snapshots: events of source <see cref="CallEventSource.Api"/>.</summary>
public interface ICallSource
{
    /// <summary>The call as the platform shows it now; null when it has none of that id.</summary>
    /// <exception cref="UpstreamException">
    /// It could not be asked: <see cref="UpstreamFailure.Rejected"/> without a usable key, <see cref="UpstreamFailure.Busy"/> over its limits, else <see cref="UpstreamFailure.Unavailable"/>.
    /// </exception>
    Task<ReportedEvent?> AskAsync(string callRef, CancellationToken cancellation);

    /// <summary>Every call that the platform changed at or after <paramref name="from"/> and, when given, before <paramref name="before"/>. In no order.</summary>
    /// <exception cref="UpstreamException">As for <see cref="AskAsync"/>: then nothing is known, not even a part.</exception>
    Task<IReadOnlyList<ReportedEvent>> UpdatedAsync(DateTimeOffset from, DateTimeOffset? before, CancellationToken cancellation);
}

/// <summary>For a host without a voice platform: everything it is asked fails as rejected.</summary>
public sealed class NoCallSource : ICallSource
{
    private const string Name = "call source";

    public Task<ReportedEvent?> AskAsync(string callRef, CancellationToken cancellation) => Task.FromException<ReportedEvent?>(new UpstreamException(Name, UpstreamFailure.Rejected));

    public Task<IReadOnlyList<ReportedEvent>> UpdatedAsync(DateTimeOffset from, DateTimeOffset? before, CancellationToken cancellation) =>
        Task.FromException<IReadOnlyList<ReportedEvent>>(new UpstreamException(Name, UpstreamFailure.Rejected));
}
