using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using ToolBackend.Load.Children;
using ToolBackend.Load.Driver;

namespace ToolBackend.Load.Bench;

/// <summary>L4: 2,000 events within a second at a service that has nothing to do and has seen such a burst before. Each is acknowledged or refused within 2 s, and the memory is given back within 10 s.</summary>
internal static class EventBurst
{
    private const int Events = 2_000, Batch = 20, EventBytes = 4_000;
    private const double AnswerLimitMilliseconds = 2_000, MemoryLimit = 1.1;
    private static readonly TimeSpan s_batch = TimeSpan.FromMilliseconds(10), s_warmUp = TimeSpan.FromSeconds(5), s_idle = TimeSpan.FromSeconds(10), s_deadline = TimeSpan.FromSeconds(90);

    public static async Task<bool> RunAsync(BenchServers servers, WebhookRequests requests, TextWriter output, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_deadline);
        await using var database = await servers.EmptyCallsAsync(limit.Token);
        await using var api = await servers.StartApiAsync(database, "load-burst", limit.Token);
        var workload = new CallEvents(api, requests, TimeProvider.System).Next(EventBytes);
        await using (var warmUp = new LoadDriver(new CallEvents(api, requests, TimeProvider.System).Next(EventBytes), Mode.Many, seed: 1))
        {
            await warmUp.RunAsync(s_warmUp, limit.Token);
        }

        // The first burst of a process fills its pools once (some 20 MiB for hundreds of connections). What a burst costs for good shows in the second.
        await SendAsync(api.Port, new CallEvents(api, requests, TimeProvider.System).Next(EventBytes), limit.Token);

        await Task.Delay(s_idle, limit.Token);
        var before = await api.ReadGaugeAsync(limit.Token);
        var stored = await CountAsync(database, limit.Token);
        var answers = await SendAsync(api.Port, workload, limit.Token);
        stored = await CountAsync(database, limit.Token) - stored;
        await Task.Delay(s_idle, limit.Token);
        var after = await api.ReadGaugeAsync(limit.Token);

        var (taken, refused, slowest) = (answers.Count(a => a.Status == 200), answers.Count(a => a.Status == 503), answers.Max(a => a.Milliseconds));
        var memory = (double)after.WorkingSetBytes / before.WorkingSetBytes;
        var passed = taken + refused == Events && slowest <= AnswerLimitMilliseconds && stored == taken && memory <= MemoryLimit;
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"L4 burst of {Events} events in 1 s: {(passed ? "PASS" : "FAIL")}  {taken} acknowledged, {refused} refused, {stored} stored, slowest answer {slowest:0} ms (≤ {AnswerLimitMilliseconds:0} ms), memory 10 s later {memory:0.00}× of {before.WorkingSetBytes >> 20} MiB (≤ {MemoryLimit:0.0}×)"));
        return passed;
    }

    private static async Task<(int Status, double Milliseconds)[]> SendAsync(int port, Workload workload, CancellationToken cancellation)
    {
        var idle = new ConcurrentStack<HttpLane>();
        var all = new ConcurrentBag<HttpLane>();
        using var watchdog = cancellation.Register(() => Array.ForEach([.. all], lane => lane.Dispose()));
        try
        {
            var under = new List<Task<(int, double)>>(Events);
            using var tick = new PeriodicTimer(s_batch);
            while (under.Count < Events)
            {
                for (var i = 0; i < Batch; i++)
                {
                    under.Add(SendOneAsync(workload.Request(under.Count)!));
                }

                await tick.WaitForNextTickAsync(cancellation);
            }

            return await Task.WhenAll(under);
        }
        finally
        {
            Array.ForEach([.. all], lane => lane.Dispose());
        }

        async Task<(int Status, double Milliseconds)> SendOneAsync(byte[] request)
        {
            var started = Stopwatch.GetTimestamp();
            if (!idle.TryPop(out var lane))
            {
                lane = await HttpLane.ConnectAsync(port, cancellation);
                all.Add(lane);
            }

            var (status, _) = await lane.ExchangeAsync(request);
            var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            idle.Push(lane);
            return (status, took);
        }
    }

    /// <summary>Events in the table.</summary>
    public static async Task<long> CountAsync(Npgsql.NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select count(*) from call_event");
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
