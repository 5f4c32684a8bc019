namespace ToolBackend.Api.Tests.Webhooks;

/// <summary>Tells the time that a test sets; timers and durations stay real, so that the host runs as always.</summary>
public sealed class SetClock : TimeProvider
{
    private long _ticks = System.GetUtcNow().UtcTicks;

    public DateTimeOffset Now
    {
        get => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);
        set => Interlocked.Exchange(ref _ticks, value.UtcTicks);
    }

    public override DateTimeOffset GetUtcNow() => Now;
}
