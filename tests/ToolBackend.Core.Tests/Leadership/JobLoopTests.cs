using Microsoft.Extensions.Logging.Abstractions;
using ToolBackend.Core.Leadership;
using ToolBackend.Core.Resilience;
using ToolBackend.Testing;

namespace ToolBackend.Core.Tests.Leadership;

public sealed class JobLoopTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(0, 30, 30)]
    [InlineData(1, 30, 5)]
    [InlineData(2, 30, 10)]
    [InlineData(3, 30, 20)]
    [InlineData(7, 30, 300)]
    [InlineData(500, 30, 300)]
    [InlineData(1, 3600, 5)]
    [InlineData(500, 3600, 3600)]
    public void After_failures_a_job_waits_ever_longer_but_not_longer_than_five_minutes_or_its_own_interval(int failures, int interval, int wait) =>
        JobLoop.WaitAfter(failures, TimeSpan.FromSeconds(interval)).ShouldBe(TimeSpan.FromSeconds(wait));

    [Fact]
    public async Task A_job_that_fails_is_run_again_and_what_it_threw_ends_nothing()
    {
        var clock = new ManualClock();
        var runs = 0;
        var job = new TestJob(_ => Interlocked.Increment(ref runs) switch
        {
            1 => throw new UpstreamException("Postgres", UpstreamFailure.Unavailable),
            2 => throw new InvalidOperationException("a bug"),
            _ => Task.CompletedTask,
        });
        using var term = new CancellationTokenSource();
        var loop = new JobLoop(job, clock, NullLogger.Instance).RunAsync(term.Token);

        await RunsAsync(1);
        await WaitsAsync(clock);
        clock.Advance(TimeSpan.FromSeconds(5));
        await RunsAsync(2);
        await WaitsAsync(clock);
        clock.Advance(TimeSpan.FromSeconds(9));
        runs.ShouldBe(2, "the second failure waits for ten seconds");
        clock.Advance(TimeSpan.FromSeconds(1));
        await RunsAsync(3);
        await term.CancelAsync();
        await loop.WaitAsync(s_patience);

        Task RunsAsync(int expected) => Eventually.IsTrueAsync(() => Task.FromResult(Volatile.Read(ref runs) == expected), s_patience, $"run {expected} did not come");
    }

    [Fact]
    public async Task A_run_is_cut_off_at_its_deadline_and_at_the_end_of_the_term()
    {
        var clock = new ManualClock();
        var cut = 0;
        var job = new TestJob(async cancellation =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, cancellation);
            }
            finally
            {
                Interlocked.Increment(ref cut);
            }
        });
        using var term = new CancellationTokenSource();
        var loop = new JobLoop(job, clock, NullLogger.Instance).RunAsync(term.Token);

        await WaitsAsync(clock);
        clock.Advance(job.Deadline);
        await Eventually.IsTrueAsync(() => Task.FromResult(Volatile.Read(ref cut) == 1), s_patience, "the run outlived its deadline");
        await WaitsAsync(clock);
        clock.Advance(TimeSpan.FromSeconds(5));
        await Eventually.IsTrueAsync(() => Task.FromResult(job.Runs == 2), s_patience, "it was not run again");
        await term.CancelAsync();
        await loop.WaitAsync(s_patience);
        cut.ShouldBe(2);
    }

    private static Task WaitsAsync(ManualClock clock) => Eventually.IsTrueAsync(() => Task.FromResult(clock.ArmedTimers > 0), s_patience, "nothing waits for the clock");
}

/// <summary>A job whose work a test gives.</summary>
internal sealed class TestJob(Func<CancellationToken, Task> run) : LeaderJob
{
    private int _runs;

    public int Runs => Volatile.Read(ref _runs);

    public override string Name => "test";

    public override TimeSpan Interval => TimeSpan.FromMilliseconds(10);

    public override TimeSpan Deadline => TimeSpan.FromMinutes(1);

    public override Task RunAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _runs);
        return run(cancellation);
    }
}
