namespace ToolBackend.Core.Resilience;

/// <summary>A token that is cancelled when a time has passed on a given clock, or when the caller gives up.</summary>
/// <remarks>
/// A timer of a <see cref="TimeProvider"/> whose callback cancels a source may fire while that source is disposed of; the exception then has no
/// caller and ends the process. The source's own timer does not throw, and disposing a registration waits for its callback.
/// </remarks>
public sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _caller;

    public Deadline(TimeSpan after, TimeProvider time, CancellationToken caller)
    {
        _source = new CancellationTokenSource(after, time);
        _caller = caller.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), _source);
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _caller.Dispose();
        _source.Dispose();
    }
}
