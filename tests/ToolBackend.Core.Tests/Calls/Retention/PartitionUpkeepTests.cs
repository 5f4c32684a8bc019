using ToolBackend.Core.Calls.Retention;
using ToolBackend.Core.Tests.Calls.Intake;
using ToolBackend.Testing;

namespace ToolBackend.Core.Tests.Calls.Retention;

public sealed class PartitionUpkeepTests(PostgresCluster cluster) : IAsyncLifetime
{
    private UpkeepNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await UpkeepNode.StartAsync(cluster);

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task This_month_and_the_next_two_have_a_partition_and_what_waited_in_the_default_one_moves()
    {
        _node.Clock.UtcNow = new DateTimeOffset(2031, 12, 31, 23, 59, 0, TimeSpan.Zero);
        var waiting = Events.Status("waits", "in-progress", 0);
        await _node.AppendAsync(waiting with { Event = waiting.Event with { SentAt = _node.Clock.UtcNow } });
        (await _node.CountAsync("call_event_default")).ShouldBe(1);

        await RunAsync();
        await RunAsync();
        (await _node.CountAsync("pg_inherits where inhrelid::regclass::text in ('call_event_2031_12', 'call_event_2032_01', 'call_event_2032_02')")).ShouldBe(3);
        (await _node.CountAsync("call_event_2031_12")).ShouldBe(1);
        (await _node.CountAsync("call_event_default")).ShouldBe(0);
    }

    [Fact]
    public async Task While_events_come_in_making_partitions_loses_and_doubles_none()
    {
        _node.Clock.UtcNow = new DateTimeOffset(2032, 3, 1, 0, 0, 0, TimeSpan.Zero);
        var appends = Enumerable.Range(0, 500).Select(i =>
        {
            var reported = Events.Status($"busy-{i % 10}", "in-progress", i);
            return _node.Store.AppendAsync(reported with { Event = reported.Event with { SentAt = _node.Clock.UtcNow.AddSeconds(i) } }, CancellationToken.None);
        }).ToList();
        await RunAsync();
        await Task.WhenAll(appends);
        (await _node.CountAsync("call_event where call_ref like 'busy-%'")).ShouldBe(500);
    }

    private Task RunAsync() => new PartitionUpkeep(_node.Database, _node.Clock).RunAsync(CancellationToken.None);
}
