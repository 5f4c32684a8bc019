using ToolBackend.Testing;

namespace ToolBackend.LocalStack.Tests.Testing;

public sealed class ManualClockTests
{
    private readonly ManualClock _clock = new();
    private readonly List<string> _fired = [];

    [Fact]
    public void Timers_fire_in_the_order_they_are_due_and_each_at_its_own_time()
    {
        var start = _clock.UtcNow;
        using var late = Once("late", 30);
        using var early = Once("early", 10);
        using var alsoEarly = Once("also early", 10);

        _clock.Advance(TimeSpan.FromSeconds(29));
        _fired.ShouldBe(["early@10", "also early@10"]);

        _clock.Advance(TimeSpan.FromSeconds(1));
        _fired.ShouldBe(["early@10", "also early@10", "late@30"]);
        _clock.UtcNow.ShouldBe(start.AddSeconds(30));
    }

    [Fact]
    public void A_periodic_timer_fires_once_per_period_within_one_advance()
    {
        using var timer = _clock.CreateTimer(_ => Note("tick"), null, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10));

        _clock.Advance(TimeSpan.FromSeconds(30));

        _fired.ShouldBe(["tick@5", "tick@15", "tick@25"]);
    }

    [Fact]
    public void A_timer_set_by_a_timer_fires_in_the_same_advance_when_it_is_due()
    {
        ITimer? second = null;
        using var first = _clock.CreateTimer(_ => second = Once("second", 5), null, TimeSpan.FromSeconds(10), Timeout.InfiniteTimeSpan);

        _clock.Advance(TimeSpan.FromSeconds(20));

        _fired.ShouldBe(["second@15"]);
        second!.Dispose();
    }

    [Fact]
    public void A_disposed_or_disarmed_timer_does_not_fire()
    {
        var disposed = Once("disposed", 1);
        using var disarmed = Once("disarmed", 1);
        disposed.Dispose();
        disarmed.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan).ShouldBeTrue();

        _clock.Advance(TimeSpan.FromSeconds(10));

        _fired.ShouldBeEmpty();
        _clock.ArmedTimers.ShouldBe(0);
        disposed.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan).ShouldBeFalse();
    }

    [Fact]
    public void Setting_the_wall_clock_fires_nothing_and_leaves_elapsed_time_alone()
    {
        using var timer = Once("timer", 10);
        var before = _clock.GetTimestamp();

        _clock.UtcNow = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

        _fired.ShouldBeEmpty();
        _clock.GetElapsedTime(before).ShouldBe(TimeSpan.Zero);
        _clock.Advance(TimeSpan.FromSeconds(10));
        _fired.Count.ShouldBe(1);
        _clock.UtcNow.ShouldBe(new DateTimeOffset(2030, 1, 1, 0, 0, 10, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_delay_and_a_deadline_of_the_framework_follow_the_clock()
    {
        var delay = Task.Delay(TimeSpan.FromSeconds(10), _clock, TestContext.Current.CancellationToken);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20), _clock);

        _clock.Advance(TimeSpan.FromSeconds(10));
        await delay.WaitAsync(TimeSpan.FromSeconds(5));
        deadline.IsCancellationRequested.ShouldBeFalse();

        _clock.Advance(TimeSpan.FromSeconds(10));
        deadline.IsCancellationRequested.ShouldBeTrue();
    }

    private ITimer Once(string name, int seconds) =>
        _clock.CreateTimer(_ => Note(name), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);

    private void Note(string name) => _fired.Add($"{name}@{_clock.GetElapsedTime(0).TotalSeconds:0}");
}
