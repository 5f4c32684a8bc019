using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace ToolBackend.Load.Driver;

/// <summary>
/// Drives one server over its own connections. Open-loop arrivals are a Poisson process, and their latency counts from the time
/// they were scheduled for, so that a server that stalls is charged for everybody who would have come meanwhile.
/// </summary>
internal sealed class LoadDriver(Workload workload, Mode mode, int seed) : IAsyncDisposable
{
    /// <summary>An answer may take this much longer than the run before the run is broken off.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(15);

    private readonly ConcurrentBag<HttpLane> _all = [];
    private readonly ConcurrentStack<HttpLane> _idle = [];
    private readonly Random _random = new(seed);
    private long _next;
    private int _open;

    /// <summary>Runs for a while on the connections of earlier runs, and goes on in the workload where they ended.</summary>
    public async Task<RunResult> RunAsync(TimeSpan duration, CancellationToken cancellation)
    {
        var tally = new Tally();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(duration + s_grace);
        // Sockets are not given tokens, which would cost each request a registration: they are closed under them.
        using var watchdog = limit.Token.Register(CloseAll);
        for (var i = _idle.Count; i < Math.Min(mode.Lanes, 32); i++)
        {
            _idle.Push(await OpenAsync(limit.Token));
        }

        var started = Stopwatch.GetTimestamp();
        var until = started + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        if (mode.Rate is { } rate)
        {
            await OpenLoopAsync(rate, started, until, tally, limit.Token);
        }
        else
        {
            await Task.WhenAll(Enumerable.Range(0, mode.Lanes).Select(_ => ClosedLoopAsync(until, tally, limit.Token)));
        }

        cancellation.ThrowIfCancellationRequested();
        return new RunResult(Stopwatch.GetElapsedTime(started), tally.Latency, tally.Lateness, tally.Errors, tally.Taken, tally.FirstError);
    }

    public ValueTask DisposeAsync()
    {
        CloseAll();
        return ValueTask.CompletedTask;
    }

    private async Task ClosedLoopAsync(long until, Tally tally, CancellationToken cancellation)
    {
        await Task.Yield();
        while (Stopwatch.GetTimestamp() is var now && now < until && !cancellation.IsCancellationRequested && workload.Request(Interlocked.Increment(ref _next) - 1) is { } request)
        {
            await ExchangeAsync(request, now, tally, cancellation);
        }
    }

    private async Task OpenLoopAsync(double rate, long started, long until, Tally tally, CancellationToken cancellation)
    {
        var underWay = new ConcurrentDictionary<Task, byte>();
        // A thread of its own: it sleeps most of the time, and sleeping on the pool would starve the answers.
        await Task.Factory.StartNew(
            () =>
            {
                var at = (double)started;
                while (true)
                {
                    at += -Math.Log(1 - _random.NextDouble()) / rate * Stopwatch.Frequency;
                    if (at >= until || cancellation.IsCancellationRequested || workload.Request(_next++) is not { } request)
                    {
                        return;
                    }

                    var scheduled = (long)at;
                    PreciseClock.SleepUntil(scheduled);
                    tally.Lateness.Record(scheduled, Stopwatch.GetTimestamp());
                    var exchange = ExchangeAsync(request, scheduled, tally, cancellation);
                    if (!exchange.IsCompleted)
                    {
                        underWay.TryAdd(exchange, 0);
                        _ = exchange.ContinueWith(t => underWay.TryRemove(t, out byte _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                    }
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll(underWay.Keys);
    }

    private async Task ExchangeAsync(byte[] request, long from, Tally tally, CancellationToken cancellation)
    {
        HttpLane? lane = null;
        try
        {
            lane = _idle.TryPop(out var idle) ? idle : await OpenAsync(cancellation);
            var (status, body) = await lane.ExchangeAsync(request);
            tally.Latency.Record(from, Stopwatch.GetTimestamp());
            switch (status == 200 ? workload.Judge(body.Span) : Verdict.Wrong)
            {
                case Verdict.Taken:
                    Interlocked.Increment(ref tally.Taken);
                    break;
                case Verdict.Wrong:
                    tally.Fail($"{status} {Encoding.UTF8.GetString(body.Span)}");
                    break;
            }

            _idle.Push(lane);
        }
        catch (Exception error) when (error is SocketException or LoadException or ObjectDisposedException or OperationCanceledException)
        {
            tally.Latency.Record(from, Stopwatch.GetTimestamp());
            tally.Fail(error.Message);
            if (lane is not null)
            {
                lane.Dispose();
                Interlocked.Decrement(ref _open);
            }
        }
    }

    private async Task<HttpLane> OpenAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _open) >= mode.Lanes + 256)
        {
            throw new LoadException("Too many connections: the server does not keep up.");
        }

        var lane = await HttpLane.ConnectAsync(workload.Port, cancellation);
        _all.Add(lane);
        Interlocked.Increment(ref _open);
        return lane;
    }

    private void CloseAll()
    {
        foreach (var lane in _all)
        {
            lane.Dispose();
        }
    }

    private sealed class Tally
    {
        public long Errors;
        public long Taken;
        public string? FirstError;

        public Latencies Latency { get; } = new();

        public Latencies Lateness { get; } = new();

        public void Fail(string what)
        {
            Interlocked.Increment(ref Errors);
            Interlocked.CompareExchange(ref FirstError, what, null);
        }
    }
}
