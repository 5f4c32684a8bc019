using ToolBackend.Core.Calls.Backfill;
using ToolBackend.Testing;

namespace ToolBackend.Core.Tests.Calls.Backfill;

public sealed class IntakeHeartbeatTests(PostgresCluster cluster) : IAsyncLifetime
{
    private UpkeepNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await UpkeepNode.StartAsync(cluster);

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task The_very_first_heartbeat_is_no_outage()
    {
        (await BeatAsync()).ShouldBeNull();
        (await BeatAsync()).ShouldBeNull();
        (await _node.CountAsync("call_backfill")).ShouldBe(0);
        (await _node.CountAsync($"service_heartbeat where name = '{IntakeHeartbeat.Name}' and now() - at < interval '20 s'")).ShouldBe(1);
    }

    [Fact]
    public async Task A_gap_is_noted_from_before_the_last_heartbeat_until_now()
    {
        await LastBeatWasAsync("5 minutes");
        var outage = await BeatAsync();
        outage!.Value.ShouldBeInRange(TimeSpan.FromMinutes(6), TimeSpan.FromMinutes(7));
        (await _node.CountAsync("call_backfill where done_at is null and until - since between '6 min' and '7 min' and now() - until < interval '20 s'")).ShouldBe(1);
        (await BeatAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_short_pause_is_none()
    {
        await LastBeatWasAsync("15 seconds");
        (await BeatAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Of_twenty_replicas_that_come_back_together_one_notes_the_outage()
    {
        await LastBeatWasAsync("2 minutes");
        var found = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => BeatAsync()));
        found.Count(outage => outage is not null).ShouldBe(1);
        (await _node.CountAsync("call_backfill")).ShouldBe(1);
    }

    [Fact]
    public async Task A_service_that_was_off_for_months_fetches_the_last_two_weeks()
    {
        await LastBeatWasAsync("100 days");
        (await BeatAsync())!.Value.ShouldBe(TimeSpan.FromDays(14));
    }

    [Fact]
    public async Task A_heartbeat_from_the_future_stays()
    {
        await LastBeatWasAsync("-1 hour");
        (await BeatAsync()).ShouldBeNull();
        (await _node.CountAsync("service_heartbeat where at > now() + interval '50 min'")).ShouldBe(1);
    }

    private async Task<TimeSpan?> BeatAsync()
    {
        using var heartbeat = _node.Heartbeat();
        return await heartbeat.BeatAsync(CancellationToken.None);
    }

    private Task LastBeatWasAsync(string ago) => _node.Tables.ExecuteAsync($"insert into service_heartbeat (name, at) values ('{IntakeHeartbeat.Name}', now() - interval '{ago}')");
}
