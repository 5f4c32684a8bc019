using System.Globalization;
using ToolBackend.Load.Driver;
using ToolBackend.Vapi.Webhooks;

namespace ToolBackend.Load.Bench;

/// <summary><c>./dev load</c>: the long forms of L1 (cached read, 300/s), L2 (booking, 100/s) and L3 (events, 500/s), one after the other, then the burst L4.</summary>
internal static class LoadVerb
{
    private const long Shipments = 100_000;
    private const double EventRate = 500;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(5);

    /// <returns>0 when all pass, else 1.</returns>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, CancellationToken cancellation)
    {
        var (seconds, seed, only) = (300, BenchOptions.Parse([]).Seed, (string?)null);
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var text = i + 1 < arguments.Length ? arguments[i + 1] : "";
            var value = int.TryParse(text, CultureInfo.InvariantCulture, out var parsed) && parsed > 0 ? parsed : 0;
            (seconds, seed, only) = (arguments[i], value) switch
            {
                ("--seconds", > 0) => (value, seed, only),
                ("--seed", > 0) => (seconds, value, only),
                ("--only", _) when text is "L1" or "L2" or "L3" or "L4" => (seconds, seed, text),
                _ => throw new LoadException($"Unknown: {arguments[i]}. ./dev load [--seconds N] [--seed N] [--only L1|L2|L3|L4]."),
            };
        }

        await output.WriteLineAsync($"seed {seed} · commit {Repository.Commit()} · {BenchReport.ThisMachine} · {seconds} s each");
        await using var servers = await BenchServers.StartAsync(cancellation);
        using var signer = new WebhookSigner(servers.Authentication);
        var requests = new WebhookRequests(signer, TimeProvider.System);
        var passed = true;
        if (only is null or "L1")
        {
            var read = await ReadsAsync(servers, requests, seconds, seed, output, cancellation);
            passed &= await PrintAsync("L1 cached read, 300/s", read, [("p50", 0.5, 3), ("p99", 0.99, 25), ("p99.9", 0.999, 80)], output);
        }

        if (only is null or "L2")
        {
            var write = await BookingsAsync(servers, requests, seconds, seed, cancellation);
            passed &= await PrintAsync("L2 booking, 100/s, 1 % contention", write, [("p99", 0.99, 60), ("p99.9", 0.999, 150)], output);
        }

        if (only is null or "L3")
        {
            var (events, stored) = await EventsAsync(servers, requests, seconds, seed, cancellation);
            passed &= await PrintAsync("L3 events, 500/s, durable before the answer", events, [("p99", 0.99, 30)], output, maxMilliseconds: 2000) & stored == events.Requests - events.Errors;
            await output.WriteLineAsync($"L3: {stored} events in the table for {events.Requests - events.Errors} acknowledged");
        }

        if (only is null or "L4")
        {
            passed &= await EventBurst.RunAsync(servers, requests, output, cancellation);
        }

        return passed ? 0 : 1;
    }

    private static async Task<RunResult> ReadsAsync(BenchServers servers, WebhookRequests requests, int seconds, int seed, TextWriter output, CancellationToken cancellation)
    {
        await using var database = await servers.ShipmentsAsync(Shipments, output, cancellation);
        await using var api = await servers.StartApiAsync(database, "load-read", cancellation);
        var parcels = new Shipments(database, api, requests, await Bench.Shipments.SampleAsync(database, 1_000, seed, cancellation));
        await using var driver = new LoadDriver(parcels.CachedReads(2_000), Mode.Open(BenchOptions.ReadRate), seed);
        await driver.RunAsync(s_warmUp, cancellation);
        return await driver.RunAsync(TimeSpan.FromSeconds(seconds), cancellation);
    }

    private static async Task<RunResult> BookingsAsync(BenchServers servers, WebhookRequests requests, int seconds, int seed, CancellationToken cancellation)
    {
        await using var database = await servers.BookingsAsync(cancellation);
        await Bookings.PrepareAsync(database, cancellation);
        await using var api = await servers.StartApiAsync(database, "load-book", cancellation);
        await using var driver = new LoadDriver(new Bookings(api, requests, TimeProvider.System).Next(), Mode.Open(BenchOptions.BookingRate), seed);
        await driver.RunAsync(s_warmUp, cancellation);
        return await driver.RunAsync(TimeSpan.FromSeconds(seconds), cancellation);
    }

    private static async Task<(RunResult Run, long Stored)> EventsAsync(BenchServers servers, WebhookRequests requests, int seconds, int seed, CancellationToken cancellation)
    {
        await using var database = await servers.EmptyCallsAsync(cancellation);
        await using var api = await servers.StartApiAsync(database, "load-events", cancellation);
        await using var driver = new LoadDriver(new CallEvents(api, requests, TimeProvider.System).Next(4_000), Mode.Open(EventRate), seed);
        await driver.RunAsync(s_warmUp, cancellation);
        var before = await EventBurst.CountAsync(database, cancellation);
        var run = await driver.RunAsync(TimeSpan.FromSeconds(seconds), cancellation);
        return (run, await EventBurst.CountAsync(database, cancellation) - before);
    }

    private static async Task<bool> PrintAsync(string id, RunResult run, (string Name, double Share, double Limit)[] percentiles, TextWriter output, double maxMilliseconds = 200)
    {
        List<Mark> marks = [.. percentiles.Select(p => new Mark(p.Name, run.Latency.Percentile(p.Share), " ms", p.Limit)), new Mark("max", run.Latency.MaxMilliseconds, " ms", maxMilliseconds), new Mark("errors", run.Errors, "", 0)];
        var passed = marks.TrueForAll(m => m.Passed);
        var figures = string.Join(", ", marks.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.What} {m.Value:0.##}{m.Unit} (≤ {m.Limit:0.##}{m.Unit})")));
        await output.WriteLineAsync($"{id}: {(passed ? "PASS" : "FAIL")}  {figures}; {run.Requests} requests, {run.Taken} taken, driver late by p99 {run.Lateness.Percentile(0.99):0.00} ms");
        if (run.FirstError is not null)
        {
            await output.WriteLineAsync($"  first error: {run.FirstError}");
        }

        return passed;
    }
}
