using ToolBackend.Core.Resilience;
using ToolBackend.Testing;

namespace ToolBackend.Core.Tests.Resilience;

public sealed class DeadlineTests
{
    private static readonly TimeSpan s_after = TimeSpan.FromSeconds(5);

    [Fact]
    public void It_is_cancelled_when_its_time_is_over_and_not_before()
    {
        var clock = new ManualClock();
        using var deadline = new Deadline(s_after, clock, CancellationToken.None);
        clock.Advance(s_after - TimeSpan.FromMilliseconds(1));
        deadline.Token.IsCancellationRequested.ShouldBeFalse();
        clock.Advance(TimeSpan.FromMilliseconds(1));
        deadline.Token.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public void It_is_cancelled_with_its_caller()
    {
        using var caller = new CancellationTokenSource();
        using var deadline = new Deadline(s_after, new ManualClock(), caller.Token);
        caller.Cancel();
        deadline.Token.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public void A_timer_that_fires_when_the_work_is_done_harms_nobody()
    {
        var clock = new LateClock();
        new Deadline(s_after, clock, CancellationToken.None).Dispose();
        clock.Fire.ShouldNotBeNull();
        Should.NotThrow(clock.Fire);
    }

    /// <summary>Its timer fires after it was disposed of, as a thread pool's may that had already begun.</summary>
    private sealed class LateClock : TimeProvider
    {
        public Action? Fire { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Fire = () => callback(state);
            return new Timer();
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
