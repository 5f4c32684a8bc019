using System.Net;
using ToolBackend.LocalStack.Faults;
using ToolBackend.LocalStack;
using ToolBackend.Testing;

namespace ToolBackend.Api.Tests.Faults;

/// <summary>
/// Rows F1 and F2. Every call asks for a customer that no cache has seen in this process, so each one would use Redis. The deadline of reads is
/// raised: that a busy machine may answer "I can't look that up" in time is another test's matter, here any failure is Redis's fault.
/// </summary>
[Collection(FaultsCollection.Name)]
public sealed class RedisFaultTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const int FirstNumber = 5_600_000;

    /// <summary>What a busy machine with two processors may add to any wait.</summary>
    private static readonly TimeSpan s_slack = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task F1_redis_stopped_fails_no_tool_call()
    {
        await AddCustomersAsync(1, 5000);
        await using var redis = await LocalRedis.StartNewAsync();
        await using var a = await api.StartNodeAsync(Settings(redis.Endpoint));
        await using var b = await api.StartNodeAsync(Settings(redis.Endpoint));
        await RedisIsUsedAsync(a);
        await RedisIsUsedAsync(b);
        await using var callers = Callers.Start(3, n => AskAsync(a, n));
        var before = await callers.DuringAsync(TimeSpan.FromSeconds(1));

        await redis.StopAsync();
        await Eventually.IsTrueAsync(
            async () => await ReadyzReport.OfAsync(a) is { Status: "degraded", Redis: "down", Code: HttpStatusCode.OK }, TimeSpan.FromSeconds(2) + s_slack, "readyz hides that Redis is gone");
        var without = await callers.DuringAsync(TimeSpan.FromSeconds(1.5));

        await redis.StartAsync();
        // It came back empty: what b finds there, a has put there since.
        var known = 0;
        await Eventually.IsTrueAsync(
            async () =>
            {
                known++;
                (await AskAsync(a, 4000 + known)).Error.ShouldBeNull();
                await AskAsync(b, 4000 + known - 1, "f1-b");
                return (long)(await api.QueryAsync("select count(*) from tool_invocation where call_id = 'f1-b' and source = 'redis'"))! > 0;
            },
            TimeSpan.FromSeconds(10) + s_slack, "Redis is back but not used");
        await RedisIsUsedAsync(a);
        await callers.StopAsync();
        var after = callers.Take();

        before.Concat(without).Concat(after).ShouldAllBe(r => r.Status == HttpStatusCode.OK && r.Error == null);
        // No call waits for a Redis that is known to be gone: the median grows by less than one command deadline and what scheduling may add.
        Callers.Quantile(without, 0.5).ShouldBeLessThan(Callers.Quantile(before, 0.5) + TimeSpan.FromMilliseconds(20 + 200));
    }

    [Fact]
    public async Task F2_redis_black_holed_fails_no_tool_call_and_is_waited_for_by_few()
    {
        // Long enough to tell a call that waited for Redis from one that waited for a processor.
        var deadline = TimeSpan.FromMilliseconds(600);
        const int BreakSeconds = 5;
        await AddCustomersAsync(10_001, 5000);
        await using var redis = await LocalRedis.StartNewAsync();
        await using var proxy = FaultyProxy.Start(redis.Port);
        var settings = Settings(proxy.Endpoint);
        settings["Redis:CommandDeadlineMilliseconds"] = $"{deadline.TotalMilliseconds}";
        settings["Redis:BreakSeconds"] = $"{BreakSeconds}";
        await using var node = await api.StartNodeAsync(settings);
        await RedisIsUsedAsync(node);

        // New connections are accepted and never served as well.
        proxy.Apply(new ProxyFaults { Mode = ProxyMode.BlackHole });
        await using var callers = Callers.Start(6, n => AskAsync(node, 10_000 + n));
        await Eventually.IsTrueAsync(
            async () => await ReadyzReport.OfAsync(node) is { Status: "degraded", Redis: "down", Code: HttpStatusCode.OK }, deadline + TimeSpan.FromSeconds(1) + s_slack, "the breaker did not open");
        var opening = callers.Take();
        var without = await callers.DuringAsync(TimeSpan.FromSeconds(3));
        proxy.Heal();
        await Eventually.IsTrueAsync(
            async () => await ReadyzReport.OfAsync(node) is { Status: "ready", Redis: "up" }, TimeSpan.FromSeconds(10 + BreakSeconds) + s_slack, "Redis is back but not used");
        await callers.StopAsync();
        var after = callers.Take();

        opening.Concat(without).Concat(after).ShouldAllBe(r => r.Status == HttpStatusCode.OK && r.Error == null);
        opening.Count(r => r.Took >= deadline).ShouldBeLessThanOrEqualTo(20, "too many paid before the breaker opened");
        // Those who were already waiting when it opened, and one probe per break, may have paid; nine of ten do not.
        Callers.Quantile(without, 0.9).ShouldBeLessThan(deadline);
    }

    [Fact]
    public async Task F2_a_host_that_starts_while_redis_is_black_holed_becomes_ready_and_answers()
    {
        await using var proxy = FaultyProxy.Start(api.Redis.Server.Port);
        proxy.Apply(new ProxyFaults { Mode = ProxyMode.BlackHole });
        await using var node = await api.StartNodeAsync(Settings(proxy.Endpoint));

        (await AskAsync(node, 20_000)).Error.ShouldBeNull();
        (await ReadyzReport.OfAsync(node)).Status.ShouldBe("degraded");
        proxy.Heal();
        await Eventually.IsTrueAsync(
            async () => (await AskAsync(node, 20_001)).Error is null && await ReadyzReport.OfAsync(node) is { Redis: "up" }, TimeSpan.FromSeconds(10) + s_slack, "Redis is back but not used");
    }

    private static Dictionary<string, string?> Settings(string redis) => new(StringComparer.Ordinal)
    {
        ["ConnectionStrings:Redis"] = redis,
        ["Tools:ReadDeadlineMilliseconds"] = "10000",
    };

    private static Task<ToolCallReply> AskAsync(ApiNode node, int customer, string? callId = null) => node.PostToolCallAsync("list_appointments", callId: callId, caller: $"+1206{FirstNumber + customer}");

    private static Task<TimeSpan> RedisIsUsedAsync(ApiNode node) =>
        Eventually.IsTrueAsync(async () => await ReadyzReport.OfAsync(node) is { Status: "ready", Redis: "up" }, TimeSpan.FromSeconds(10) + s_slack, "Redis is not used");

    private async Task AddCustomersAsync(int first, int count) =>
        await api.QueryAsync($"insert into customer (phone, name) select '+1206' || ({FirstNumber} + n), 'Customer ' || n from generate_series({first}, {first + count - 1}) n");
}
