using System.Diagnostics;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ToolBackend.Core.Caching;
using ToolBackend.Core.Resilience;
using ToolBackend.Core.Shipments;
using ToolBackend.LocalStack.Faults;
using ToolBackend.Testing;

namespace ToolBackend.Core.Tests.Caching;

/// <summary>Rows C9 and C10, and the rules of the cache's remarks.</summary>
public sealed class ReadThroughCacheTests(DemoDatabase database, RedisServer redis, PostgresCluster cluster) : IClassFixture<DemoDatabase>
{
    [Fact]
    public async Task C10_ten_thousand_misses_at_once_are_one_load()
    {
        await using var node = await CoreNode.StartAsync(database.ConnectionString, redis.Endpoint);
        var cache = node.Services.GetRequiredService<ReadThroughCache>();
        var loads = 0;
        var gate = new TaskCompletionSource();
        var kind = new CacheKind<Thing>("c10", ThingJson.Default.Thing, async (_, _) =>
        {
            Interlocked.Increment(ref loads);
            await gate.Task;
            return new(new Thing("value"), long.MaxValue / 2);
        });

        var reads = Enumerable.Range(0, 10_000).Select(_ => cache.GetAsync(kind, "one").AsTask()).ToList();
        gate.SetResult();
        var values = await Task.WhenAll(reads);

        loads.ShouldBe(1);
        values.ShouldAllBe(v => v.Value!.Text == "value");
    }

    [Fact]
    public async Task C9_a_write_on_one_node_is_seen_on_the_other_within_a_second_and_at_once_on_its_own()
    {
        await using var a = await CoreNode.StartAsync(database.ConnectionString, redis.Endpoint);
        await using var b = await CoreNode.StartAsync(database.ConnectionString, redis.Endpoint);
        var delays = new List<double>();
        for (var round = 0; round < 25; round++)
        {
            var place = $"the porch {round}";
            await b.CallAsync("track_shipment", """{"trackingNumber":"TB1042"}""", $"c9-{round}", "read");
            (await a.CallAsync("change_delivery", $$"""{"trackingNumber":"TB1042","safePlace":"{{place}}"}""", $"c9-{round}", "write")).Failed.ShouldBeFalse();

            (await a.CallAsync("track_shipment", """{"trackingNumber":"TB1042"}""", $"c9-{round}", "own")).Say.ShouldContain(place, Case.Sensitive, "a node reads its own writes");
            var watch = Stopwatch.StartNew();
            while (!(await b.CallAsync("track_shipment", """{"trackingNumber":"TB1042"}""", $"c9-{round}", "other")).Say.Contains(place, StringComparison.Ordinal))
            {
                watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(1), "the other node still serves the old value");
                await Task.Yield();
            }

            delays.Add(watch.Elapsed.TotalMilliseconds);
        }

        delays.Order().ElementAt(delays.Count / 2).ShouldBeLessThan(100);
    }

    [Fact]
    public async Task C9_with_the_change_link_cut_another_systems_write_is_seen_within_five_seconds()
    {
        await using var proxy = FaultyProxy.Start(cluster.Server.Port);
        await using var node = await CoreNode.StartAsync(
            new NpgsqlConnectionStringBuilder(database.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port }.ConnectionString, redis.Endpoint);
        (await node.CallAsync("track_shipment", """{"trackingNumber":"TB2077"}""", "cut", "t0")).Failed.ShouldBeFalse();

        // Silent: packets vanish, no reset. Queries through the link hang too, so what is served must be old and say so, or be refused.
        proxy.Apply(new ProxyFaults { Mode = ProxyMode.BlackHole });
        await database.ExecuteAsync("update shipment set status = 'exception', updated_at = now() where tracking_number = 'TB2077'");
        var watch = Stopwatch.StartNew();
        var heard = false;
        while (!heard && watch.Elapsed < TimeSpan.FromSeconds(5))
        {
            var answer = await node.CallAsync("track_shipment", """{"trackingNumber":"TB2077"}""", "cut", "t1");
            heard = answer.Failed || answer.Say.StartsWith("As of", StringComparison.Ordinal);
            await Task.Delay(50);
        }

        heard.ShouldBeTrue("after five seconds an unheard change must no longer be hidden by a value that claims to be fresh");
        await WaitUntilAsync(() => !node.Invalidations.LinkIsUp); // or the old link would pass for the new one below
        proxy.Heal();
        proxy.ResetConnections();
        await WaitUntilAsync(() => node.Invalidations.LinkIsUp);
        (await node.CallAsync("track_shipment", """{"trackingNumber":"TB2077"}""", "cut", "t2")).Say.ShouldContain("delayed");
        await database.ExecuteAsync("update shipment set status = 'ready_for_pickup', updated_at = now() where tracking_number = 'TB2077'");
    }

    [Fact]
    public async Task A_value_loaded_before_a_write_is_not_kept_after_it_in_whichever_order_the_news_come()
    {
        await using var node = await CoreNode.StartAsync(database.ConnectionString, redis.Endpoint);
        var cache = node.Services.GetRequiredService<ReadThroughCache>();
        var began = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        const long Snapshot = long.MaxValue / 2;
        var text = "old";
        var kind = new CacheKind<Thing>("race", ThingJson.Default.Thing, async (_, _) =>
        {
            var read = text;
            began.TrySetResult();
            await gate.Task;
            return new(new Thing(read), Snapshot);
        });

        var early = cache.GetAsync(kind, "one").AsTask();
        await began.Task;
        cache.Invalidate("race:one", Snapshot); // a writer that the snapshot does not include
        text = "new";
        gate.SetResult();

        (await early).Value!.Text.ShouldBe("old", "the reader that was already there may see it");
        (await cache.GetAsync(kind, "one")).Value!.Text.ShouldBe("new", "nobody after it may");
    }

    [Fact]
    public async Task When_the_source_fails_an_older_value_is_served_as_stale_and_without_one_the_failure_is_told()
    {
        await using var node = await CoreNode.StartAsync(database.ConnectionString);
        var cache = node.Services.GetRequiredService<ReadThroughCache>();
        var fail = false;
        var kind = new CacheKind<Thing>("stale", ThingJson.Default.Thing, (_, _) => fail
            ? Task.FromException<Versioned<Thing>>(new UpstreamException("test", UpstreamFailure.Unavailable))
            : Task.FromResult(new Versioned<Thing>(new Thing("value"), long.MaxValue / 2))) { FreshInMemory = TimeSpan.Zero };

        (await cache.GetAsync(kind, "one")).Source.ShouldBe(CacheSource.Database);
        fail = true;
        var stale = await cache.GetAsync(kind, "one");

        stale.Source.ShouldBe(CacheSource.Stale);
        stale.Value!.Text.ShouldBe("value");
        await Should.ThrowAsync<UpstreamException>(async () => await cache.GetAsync(kind, "never seen"));
    }

    [Fact]
    public async Task A_second_node_reads_from_redis_what_the_first_one_loaded()
    {
        await using var a = await CoreNode.StartAsync(database.ConnectionString, redis.Endpoint, ("Redis:KeyPrefix", "shared"));
        await using var b = await CoreNode.StartAsync(database.ConnectionString, redis.Endpoint, ("Redis:KeyPrefix", "shared"));
        await WaitUntilAsync(() => a.Services.GetRequiredService<RedisGate>().IsHealthy && b.Services.GetRequiredService<RedisGate>().IsHealthy);
        (await a.Services.GetRequiredService<ShipmentReader>().GetAsync("TB1042")).Source.ShouldBe(CacheSource.Database);

        await WaitUntilAsync(async () =>
        {
            b.Services.GetRequiredService<ReadThroughCache>().InvalidateAll(0, 0); // forget what the last try loaded
            return (await b.Services.GetRequiredService<ShipmentReader>().GetAsync("TB1042")).Source is CacheSource.Redis;
        });
    }

    [Fact]
    public async Task A_value_from_redis_that_is_older_than_memory_would_keep_it_is_served_from_memory_next_time()
    {
        var clock = new ShiftedClock();
        await using var a = await CoreNode.StartAsync(database.ConnectionString, redis.Endpoint, ("Redis:KeyPrefix", "older"));
        await using var b = await CoreNode.StartAsync(database.ConnectionString, redis.Endpoint, clock, ("Redis:KeyPrefix", "older"));
        await WaitUntilAsync(() => a.Services.GetRequiredService<RedisGate>().IsHealthy && b.Services.GetRequiredService<RedisGate>().IsHealthy);
        (await a.Services.GetRequiredService<ShipmentReader>().GetAsync("TB1042")).Source.ShouldBe(CacheSource.Database);
        clock.Shift = TimeSpan.FromSeconds(20);

        var reader = b.Services.GetRequiredService<ShipmentReader>();
        await WaitUntilAsync(async () =>
        {
            b.Services.GetRequiredService<ReadThroughCache>().InvalidateAll(0, 0);
            return (await reader.GetAsync("TB1042")).Source is CacheSource.Redis;
        });
        (await reader.GetAsync("TB1042")).Source.ShouldBe(CacheSource.Memory);
    }

    private static Task WaitUntilAsync(Func<bool> condition) => WaitUntilAsync(() => Task.FromResult(condition()));

    private static async Task WaitUntilAsync(Func<Task<bool>> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(15), "the condition did not come true");
            await Task.Delay(20);
        }
    }

    /// <summary>The system's time, moved; its timers are real.</summary>
    private sealed class ShiftedClock : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Shift;
    }

    internal sealed record Thing(string Text);
}

[JsonSerializable(typeof(ReadThroughCacheTests.Thing))]
internal sealed partial class ThingJson : JsonSerializerContext;
