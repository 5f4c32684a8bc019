using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Resilience;
using ToolBackend.Core.Tests.Calls.Intake;
using ToolBackend.Core.Tests.Calls.Reaping;
using ToolBackend.Testing;

namespace ToolBackend.Core.Tests.Calls.Backfill;

public sealed class CallBackfillTests(PostgresCluster cluster) : IAsyncLifetime
{
    private UpkeepNode _node = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await UpkeepNode.StartAsync(cluster);
        _node.Clock.UtcNow = Events.Start.AddMinutes(30);
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Calls_that_began_and_ended_in_the_outage_are_there_afterwards()
    {
        for (var i = 0; i < 50; i++)
        {
            var ended = Events.Start.AddMinutes(5).AddSeconds(i * 10);
            _node.Platform.Put($"missed-{i:00}", ended.AddSeconds(20), ScriptedCallSource.Ended("customer-ended-call", ended, "+12065550142"));
        }

        await OutageAsync(from: 5, until: 15);
        await _node.BackfillAsync();
        await _node.FoldedAsync();

        (await _node.CountAsync("call where status = 'ended' and has_report and ended_reason = 'customer-ended-call'")).ShouldBe(50);
        (await _node.CountAsync("call_backfill where done_at is not null and calls = 50")).ShouldBe(1);
        _node.Platform.Listed.ShouldBe([(At(5), At(10)), (At(10), null)]);
    }

    [Fact]
    public async Task A_call_that_changed_after_the_outage_is_fetched_too()
    {
        _node.Platform.Put("late", At(29), ScriptedCallSource.Ended("customer-ended-call", At(12)));
        await OutageAsync(from: 5, until: 15);
        await _node.BackfillAsync();
        (await _node.StateAsync("late")).Status.ShouldBe("ended");
    }

    [Fact]
    public async Task A_call_that_was_under_way_and_is_silent_since_is_asked_for_by_itself()
    {
        await _node.AppendAsync(Events.Status("under-way", "in-progress", 0));
        await _node.AppendAsync(Events.Status("heard-since", "in-progress", 0), Events.Said("heard-since", "user", "Hello?", 16 * 60));
        await _node.AppendAsync(Events.Call("over"));
        _node.Platform.Put("under-way", At(1), ScriptedCallSource.Ended("customer-ended-call", At(1)));

        await OutageAsync(from: 5, until: 15);
        await _node.BackfillAsync();
        _node.Platform.Asked.ShouldBe(["under-way"]);
        (await _node.StateAsync("under-way")).Status.ShouldBe("ended");
    }

    [Fact]
    public async Task While_the_platform_is_away_the_outage_stays_open_and_goes_on_where_it_failed()
    {
        for (var i = 0; i < 30; i++)
        {
            _node.Platform.Put($"part-{i:00}", At(0).AddSeconds(i * 50), ScriptedCallSource.Ended("customer-ended-call", At(0)));
        }

        await OutageAsync(from: 0, until: 25);
        _node.Platform.WindowsUntilFailure = 2;
        (await Should.ThrowAsync<UpstreamException>(_node.BackfillAsync)).Dependency.ShouldBe("Vapi");
        (await _node.CountAsync("call_backfill where done_at is null and reached = since + interval '10 min' and calls = 12")).ShouldBe(1);

        _node.Platform.Listed.Clear();
        _node.Platform.WindowsUntilFailure = int.MaxValue;
        await _node.BackfillAsync();
        _node.Platform.Listed.ShouldBe([(At(10), At(15)), (At(15), At(20)), (At(20), null)]);
        (await _node.CountAsync("call_backfill where done_at is not null and calls = 30")).ShouldBe(1);
        await _node.FoldedAsync();
        (await _node.CountAsync("call")).ShouldBe(30);
    }

    [Fact]
    public async Task An_outage_is_not_done_before_its_calls_are_stored()
    {
        _node.Platform.Put("refused", At(6), ScriptedCallSource.Ended("customer-ended-call", At(6)));
        await OutageAsync(from: 5, until: 15);
        await _node.Tables.ExecuteAsync("alter table call_event add constraint closed check (received_at is null) not valid");
        await Should.ThrowAsync<Exception>(_node.BackfillAsync);
        (await _node.CountAsync("call_backfill where done_at is not null")).ShouldBe(0);

        await _node.Tables.ExecuteAsync("alter table call_event drop constraint closed");
        await _node.BackfillAsync();
        (await _node.StateAsync("refused")).Status.ShouldBe("ended");
    }

    [Fact]
    public async Task The_same_outage_fetched_twice_adds_nothing()
    {
        _node.Platform.Put("same", At(6), ScriptedCallSource.Ended("customer-ended-call", At(6)));
        await OutageAsync(from: 5, until: 15);
        await _node.BackfillAsync();
        await OutageAsync(from: 5, until: 15);
        await _node.BackfillAsync();
        (await _node.CountAsync("call_event")).ShouldBe(1);
    }

    [Fact]
    public async Task Several_outages_are_made_good_in_their_order()
    {
        await OutageAsync(from: 1, until: 2);
        await OutageAsync(from: 10, until: 12);
        await _node.BackfillAsync();
        _node.Platform.Listed.ShouldBe([(At(1), null), (At(10), null)]);
        (await _node.CountAsync("call_backfill where done_at is null")).ShouldBe(0);
    }

    [Fact]
    public async Task A_call_whose_time_here_is_over_does_not_come_back_because_the_platform_touched_it()
    {
        _node.Platform.Put("old", At(6), ScriptedCallSource.Ended("customer-ended-call", At(6)) with { Call = new CallIdentity(CreatedAt: Events.Start.AddDays(-500)) });
        await OutageAsync(from: 5, until: 15);
        await _node.BackfillAsync();
        (await _node.CountAsync("call_event")).ShouldBe(0);
    }

    private static DateTimeOffset At(int minutes) => Events.Start.AddMinutes(minutes);

    private Task OutageAsync(int from, int until) =>
        _node.Tables.ExecuteAsync($"insert into call_backfill (since, until) values ('{At(from):O}', '{At(until):O}')");
}
