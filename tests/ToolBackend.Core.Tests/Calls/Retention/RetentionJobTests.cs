using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Tests.Calls.Intake;
using ToolBackend.Testing;

namespace ToolBackend.Core.Tests.Calls.Retention;

public sealed class RetentionJobTests(PostgresCluster cluster) : IAsyncLifetime
{
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    private UpkeepNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await UpkeepNode.StartAsync(cluster);

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_call_goes_after_its_time_with_all_that_hangs_on_it()
    {
        await _node.AppendAsync(Events.Call("old", "CA-old"));
        await _node.AppendAsync(Events.Status("old-live", "in-progress", 1).WithControl("https://cell.vapi.ai/x/control"));
        await _node.Tables.ExecuteAsync("insert into call_inquiry (call_id, times, unknown_times, asked_at, next_at) values ('old-live', 1, 0, '2028-01-01', '2028-01-01')");

        await PassAsync(399 * s_day);
        (await _node.CountAsync("call")).ShouldBe(2);

        await PassAsync(2 * s_day);
        foreach (var table in new[] { "call", "call_event", "call_alias", "call_control", "call_fold_queue", "call_inquiry" })
        {
            (await _node.CountAsync(table)).ShouldBe(0, table);
        }
    }

    [Fact]
    public async Task A_younger_call_and_one_that_was_heard_of_lately_stay()
    {
        await _node.AppendAsync(Events.Call("old"));
        await _node.AppendAsync(Events.Call("long-lived"));
        await _node.AppendAsync(At(Events.Said("long-lived", "user", "Still here.", 0), Events.Start + (300 * s_day)));
        await PassAsync(401 * s_day);
        (await _node.Tables.ScalarAsync<string>("select string_agg(call_id, ',') from call")).ShouldBe("long-lived");
    }

    [Fact]
    public async Task A_clock_of_a_sender_s_that_stands_in_1970_does_not_delete_a_call_of_today()
    {
        await _node.AppendAsync(At(Events.Status("wrong-clock", "in-progress", 0), DateTimeOffset.UnixEpoch, receivedAt: Events.Start + (400 * s_day)));
        await PassAsync(401 * s_day);
        (await _node.CountAsync("call")).ShouldBe(1);
        await PassAsync(400 * s_day);
        (await _node.CountAsync("call")).ShouldBe(0);
    }

    [Fact]
    public async Task A_clock_of_a_sender_s_that_stands_in_2090_does_not_keep_a_call_until_then()
    {
        await _node.AppendAsync(At(Events.Status("ahead", "in-progress", 0), new DateTimeOffset(2090, 1, 1, 0, 0, 0, TimeSpan.Zero), receivedAt: Events.Start));
        await PassAsync(399 * s_day);
        (await _node.CountAsync("call")).ShouldBe(1);
        await PassAsync(2 * s_day);
        (await _node.CountAsync("call")).ShouldBe(0);
        (await _node.CountAsync("call_event")).ShouldBe(0);
    }

    [Fact]
    public async Task A_month_that_is_wholly_over_is_dropped_as_a_partition_and_another_is_not()
    {
        await _node.Tables.ExecuteAsync("select ensure_call_event_partitions('2026-11-01', 2)");
        await _node.AppendAsync(Events.Call("november"));
        await _node.AppendAsync(At(Events.Status("december", "ended", 0), new DateTimeOffset(2026, 12, 20, 0, 0, 0, TimeSpan.Zero)));

        _node.Clock.UtcNow = new DateTimeOffset(2026, 12, 10, 0, 0, 0, TimeSpan.Zero) + (400 * s_day);
        await _node.RetainAsync();
        (await _node.CountAsync("pg_inherits where inhrelid::regclass::text = 'call_event_2026_11'")).ShouldBe(0);
        (await _node.CountAsync("pg_inherits where inhrelid::regclass::text = 'call_event_2026_12'")).ShouldBe(1);
        (await _node.Tables.ScalarAsync<string>("select string_agg(call_id, ',') from call")).ShouldBe("december");
    }

    [Fact]
    public async Task A_month_in_use_is_left_to_a_later_run_and_its_calls_go_by_themselves()
    {
        await _node.Tables.ExecuteAsync("select ensure_call_event_partitions('2026-11-01', 1)");
        await _node.AppendAsync(Events.Call("november"));
        _node.Clock.UtcNow = Events.Start + (450 * s_day);

        await using (var user = await _node.Tables.DataSource.OpenConnectionAsync())
        {
            await using var transaction = await user.BeginTransactionAsync();
            await using var read = new Npgsql.NpgsqlCommand("select count(*) from call_event", user);
            await read.ExecuteScalarAsync();
            await _node.RetainAsync();
            (await _node.CountAsync("pg_inherits where inhrelid::regclass::text = 'call_event_2026_11'")).ShouldBe(1);
        }

        (await _node.CountAsync("call")).ShouldBe(0);
        await _node.RetainAsync();
        (await _node.CountAsync("pg_inherits where inhrelid::regclass::text = 'call_event_2026_11'")).ShouldBe(0);
    }

    [Fact]
    public async Task What_was_said_goes_first_and_the_call_stays_as_figures_equal_to_what_its_events_say()
    {
        await _node.AppendAsync(Events.Call("said", "CA-said"));
        var before = await _node.StateAsync("said");
        before.Transcript.ShouldNotBeEmpty();

        await PassAsync(89 * s_day);
        (await _node.StateAsync("said")).Transcript.Count.ShouldBe(before.Transcript.Count);

        await PassAsync(2 * s_day);
        var after = await _node.StateAsync("said");
        after.Transcript.ShouldBeEmpty();
        after.Summary.ShouldBeNull();
        (after.Status, after.EndedReason, after.StartedAt, after.EndedAt, after.Cost, after.Version, after.HasReport)
            .ShouldBe((before.Status, before.EndedReason, before.StartedAt, before.EndedAt, before.Cost, before.Version, before.HasReport));
        (await _node.CountAsync("call_event where body is not null or facts like '%Thursday%' or facts like '%booked%'")).ShouldBe(0);
        (await _node.CountAsync("call where words is not null or state like '%Thursday%' or state like '%booked%'")).ShouldBe(0);
        (await RebuildAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task What_is_said_of_an_old_call_late_goes_too()
    {
        await _node.AppendAsync(Events.Call("late"));
        await PassAsync(91 * s_day);
        await _node.AppendAsync(Events.Said("late", "user", "A transcript that came late.", 15));
        (await _node.StateAsync("late")).Transcript.ShouldNotBeEmpty();

        await PassAsync(TimeSpan.FromHours(1));
        (await _node.StateAsync("late")).Transcript.ShouldBeEmpty();
        (await _node.CountAsync("call_event where body is not null")).ShouldBe(0);
    }

    [Fact]
    public async Task More_calls_than_a_batch_holds_that_began_at_the_same_moment_are_all_done()
    {
        foreach (var i in Enumerable.Range(0, 110))
        {
            await _node.Store.AppendAsync(Events.Said($"batch-{i}", "user", "Hello?", 0), CancellationToken.None);
        }

        await _node.FoldedAsync();
        await PassAsync(91 * s_day);
        (await _node.CountAsync("call_event where body is not null")).ShouldBe(0);
        (await _node.CountAsync("call where words is null")).ShouldBe(110);
        await PassAsync(310 * s_day);
        (await _node.CountAsync("call")).ShouldBe(0);
    }

    [Fact]
    public async Task Zero_keeps_for_ever()
    {
        (_node.Retaining.CallDays, _node.Retaining.ContentDays, _node.Retaining.ToolInvocationDays, _node.Retaining.TranscriptAccessDays) = (0, 0, 0, 0);
        await _node.AppendAsync(Events.Call("kept"));
        await LogRowsAsync();
        await PassAsync(10_000 * s_day);
        (await _node.StateAsync("kept")).Transcript.ShouldNotBeEmpty();
        (await _node.CountAsync("tool_invocation")).ShouldBe(1);
        (await _node.CountAsync("transcript_access")).ShouldBe(1);
    }

    [Fact]
    public async Task Logs_and_changes_go_each_after_their_own_time()
    {
        await LogRowsAsync();
        await PassAsync(TimeSpan.FromHours(23));
        (await _node.CountAsync("call_change")).ShouldBe(1);
        await PassAsync(TimeSpan.FromHours(2));
        (await _node.CountAsync("call_change")).ShouldBe(0);
        (await _node.CountAsync("tool_invocation")).ShouldBe(1);
        await PassAsync(90 * s_day);
        (await _node.CountAsync("tool_invocation")).ShouldBe(0);
        (await _node.CountAsync("call_backfill")).ShouldBe(1, "the open one");
        (await _node.CountAsync("transcript_access")).ShouldBe(1);
        (await _node.CountAsync("call_forgotten")).ShouldBe(1);
        await PassAsync(310 * s_day);
        (await _node.CountAsync("transcript_access")).ShouldBe(0);
        (await _node.CountAsync("call_forgotten")).ShouldBe(0);
        (await _node.CountAsync("call_backfill")).ShouldBe(1);
    }

    private Task LogRowsAsync() => _node.Tables.ExecuteAsync($"""
        insert into call_change (at, call_id, payload) values ('{Events.Start:O}', 'c', '{"{}"}');
        insert into tool_invocation (tool_invocation_id, at, call_id, tool_call_id, tool, outcome, failed, source, duration_ms)
          values (gen_random_uuid(), '{Events.Start:O}', 'c', 't', 'track_shipment', 'found', false, 'memory', 1);
        insert into transcript_access (transcript_access_id, at, call_id, key_id, view) values (gen_random_uuid(), '{Events.Start:O}', 'c', 'k', 'call');
        insert into call_backfill (since, until, done_at, calls) values ('{Events.Start:O}', '{Events.Start:O}', '{Events.Start:O}', 0), ('{Events.Start:O}', '{Events.Start:O}', null, null);
        insert into call_forgotten (alias, at) values ('forgotten', '{Events.Start:O}')
        """);

    private async Task PassAsync(TimeSpan time)
    {
        _node.Clock.Advance(time);
        await _node.RetainAsync();
    }

    private async Task<long> RebuildAsync() =>
        (await new ToolBackend.Core.Calls.Intake.CallRebuild(_node.Tables.DataSource, TimeProvider.System).RunAsync(null, CancellationToken.None)).Changed;

    private static ReportedEvent At(ReportedEvent reported, DateTimeOffset sentAt, DateTimeOffset? receivedAt = null) =>
        reported with { Event = reported.Event with { SentAt = sentAt, ReceivedAt = receivedAt ?? sentAt } };
}
