using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Resilience;

namespace ToolBackend.Core.Calls.Intake;

/// <summary>Where events go. Returns when the event is committed; an event that is there already counts as stored.</summary>
public interface ICallEventStore
{
    /// <exception cref="UpstreamException">The event may not be stored: do not acknowledge it.</exception>
    Task AppendAsync(ReportedEvent reported, CancellationToken cancellation);
}
