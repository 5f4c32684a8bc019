using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.Privacy;
using ToolBackend.Core.Calls.Retention;
using ToolBackend.Core.Speech;
using ToolBackend.Core.Tests.Calls.Intake;
using ToolBackend.Core.Tests.Calls.Reaping;
using ToolBackend.Testing;

namespace ToolBackend.Core.Tests.Calls.Privacy;

public sealed class ForgetCallerTests(PostgresCluster cluster) : IAsyncLifetime
{
    private static readonly PhoneNumber s_number = PhoneNumber.Parse("+12065550177");

    private UpkeepNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await UpkeepNode.StartAsync(cluster);

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Nothing_of_the_number_is_left_in_any_table_of_calls_and_other_callers_stay()
    {
        await CallAsync("mine-1", s_number.E164, "CA-mine-1");
        await CallAsync("mine-2", s_number.E164);
        await CallAsync("theirs", "+12065550188");
        await _node.AppendAsync(By("live", s_number.E164, Events.Status("live", "in-progress", 1)).WithControl("https://cell.vapi.ai/x/control"));
        await ToolRowsAsync();

        var forgotten = await ForgetAsync();
        forgotten.Rows.ShouldBe(new ErasedRows(Calls: 3, Events: 15, Names: 4, Controls: 1, Changes: forgotten.Rows.Changes, LedgerRows: 1));
        forgotten.Invocations.ShouldBe(1);

        foreach (var table in new[] { "call", "call_event", "call_alias", "call_control", "call_change", "call_fold_queue", "tool_call_ledger", "tool_invocation" })
        {
            (await _node.CountAsync($"{table} t where t::text like '%2065550177%' or t::text like '%mine-%' or t::text like '%{s_number.Hash()}%'"))
                .ShouldBe(table == "tool_invocation" ? 1 : 0, table); // the call's id stays in it, the caller does not
        }

        (await _node.CountAsync("call")).ShouldBe(1);
        (await _node.CountAsync("tool_invocation where caller_hash is null and call_id = 'mine-1'")).ShouldBe(1);
        (await _node.CountAsync("tool_invocation where caller_hash is not null")).ShouldBe(1);
    }

    [Fact]
    public async Task A_forgotten_call_comes_back_by_no_way()
    {
        await CallAsync("mine", s_number.E164, "CA-mine");
        await ForgetAsync();

        // The sender's retry, a message that came late, the other side by the carrier's id, and a snapshot of a backfill.
        await _node.AppendAsync(Events.Call("mine", "CA-mine"));
        await _node.AppendAsync(Events.Said("mine", "user", "A late word.", 100));
        await _node.AppendAsync(Events.Status("own-side", "in-progress", 5, sid: "CA-mine", source: CallEventSource.Pipeline).WithControl("https://cell.vapi.ai/y/control"));
        await _node.AppendAsync(ScriptedCallSource.Snapshot("mine", Events.Start.AddHours(1), ScriptedCallSource.Ended("customer-ended-call", Events.Start, s_number.E164)));

        foreach (var table in new[] { "call", "call_event", "call_alias", "call_control", "call_fold_queue" })
        {
            (await _node.CountAsync(table)).ShouldBe(0, table);
        }
    }

    [Fact]
    public async Task An_event_that_was_being_stored_while_its_call_was_forgotten_is_removed_by_the_fold()
    {
        await CallAsync("mine", s_number.E164, "CA-mine");
        await ForgetAsync();

        // As if the statements had begun before: they did not see that the names are forgotten.
        await RawEventAsync("mine", null);
        await RawEventAsync("other-side", "CA-mine");
        await RawEventAsync("somebody", null);
        await _node.Tables.ExecuteAsync("insert into call_fold_queue (call_ref) values ('mine'), ('other-side'), ('somebody')");
        await _node.FoldedAsync();

        (await _node.Tables.ScalarAsync<string>("select string_agg(call_ref, ',') from call_event")).ShouldBe("somebody");
        (await _node.Tables.ScalarAsync<string>("select string_agg(call_id, ',') from call")).ShouldBe("somebody");

        await _node.AppendAsync(Events.Said("other-side", "user", "Without the carrier's id.", 200));
        (await _node.CountAsync("call_event")).ShouldBe(1);
    }

    [Fact]
    public async Task Calls_that_wait_to_be_folded_are_found_by_their_events()
    {
        await using var fold = await _node.Tables.DataSource.OpenConnectionAsync();
        await using (var transaction = await fold.BeginTransactionAsync())
        {
            (await ToolBackend.Core.Calls.Intake.CallFolder.TryLockAsync(fold, CancellationToken.None)).ShouldBeTrue();
            foreach (var reported in Events.Call("waiting", "CA-waiting").Select(e => By("waiting", s_number.E164, e)))
            {
                await _node.Store.AppendAsync(reported, CancellationToken.None);
            }

            var counted = await new ForgetCaller(_node.Tables.DataSource, _node.Clock).CountAsync(s_number, CancellationToken.None);
            counted.Rows.Events.ShouldBe(7);
        }

        await ForgetAsync();
        (await _node.CountAsync("call_event")).ShouldBe(0);
        (await _node.CountAsync("call_forgotten where alias in ('waiting', 'CA-waiting')")).ShouldBe(2);
        await _node.FoldedAsync();
        (await _node.CountAsync("call")).ShouldBe(0);
    }

    [Fact]
    public async Task A_dry_run_counts_the_same_and_removes_nothing()
    {
        await CallAsync("mine", s_number.E164, "CA-mine");
        await ToolRowsAsync("mine");
        var counted = await new ForgetCaller(_node.Tables.DataSource, TimeProvider.System).CountAsync(s_number, CancellationToken.None);
        (await _node.CountAsync("call")).ShouldBe(1);
        (await _node.CountAsync("call_forgotten")).ShouldBe(0);
        (await ForgetAsync()).ShouldBe(counted);
    }

    [Fact]
    public async Task The_number_as_a_SIP_address_is_the_same_caller_and_one_that_only_begins_alike_is_not()
    {
        await CallAsync("sip", $"sip:{s_number.E164}@trunk.example.com");
        await CallAsync("longer", s_number.E164 + "0");
        await CallAsync("sip-longer", $"sip:{s_number.E164}0@trunk.example.com");
        await CallAsync("sip-other", $"sip:desk@{s_number.E164}.example.com");
        await ForgetAsync();
        (await _node.Tables.ScalarAsync<string>("select string_agg(call_id, ',' order by call_id) from call")).ShouldBe("longer,sip-longer,sip-other");
    }

    [Fact]
    public async Task More_calls_than_a_batch_holds_are_all_forgotten()
    {
        foreach (var i in Enumerable.Range(0, 230))
        {
            await _node.Store.AppendAsync(By($"many-{i}", s_number.E164, Events.Status($"many-{i}", "ended", 0)), CancellationToken.None);
        }

        await _node.FoldedAsync();
        (await ForgetAsync()).Rows.Calls.ShouldBe(230);
        (await _node.CountAsync("call_forgotten")).ShouldBe(230);
    }

    [Fact]
    public async Task The_business_s_records_stay()
    {
        await _node.Tables.ExecuteAsync($"insert into customer (name, phone) values ('Maria Silva', '{s_number.E164}')");
        await CallAsync("mine", s_number.E164);
        await ForgetAsync();
        (await _node.CountAsync("customer")).ShouldBe(1);
    }

    [Fact]
    public async Task A_call_that_begins_afterwards_is_a_new_one()
    {
        await CallAsync("before", s_number.E164);
        await ForgetAsync();
        await CallAsync("after", s_number.E164);
        (await _node.Tables.ScalarAsync<string>("select string_agg(call_id, ',') from call")).ShouldBe("after");
    }

    private Task<ForgottenCaller> ForgetAsync() => new ForgetCaller(_node.Tables.DataSource, TimeProvider.System).RunAsync(s_number, CancellationToken.None);

    private Task CallAsync(string callRef, string caller, string? sid = null) => _node.AppendAsync(Events.Call(callRef, sid).Select(e => By(callRef, caller, e)));

    private static ReportedEvent By(string callRef, string caller, ReportedEvent reported) =>
        reported with { Event = reported.Event with { CallRef = callRef, Facts = reported.Event.Facts with { Call = new CallIdentity("inboundPhoneCall", Customer: caller) } } };

    private Task ToolRowsAsync(string callId = "mine-1") => _node.Tables.ExecuteAsync($"""
        insert into tool_invocation (tool_invocation_id, at, call_id, tool_call_id, tool, outcome, failed, source, duration_ms, caller_hash) values
          (gen_random_uuid(), now(), '{callId}', 't', 'track_shipment', 'found', false, 'memory', 1, '{s_number.Hash()}'),
          (gen_random_uuid(), now(), 'theirs', 't', 'track_shipment', 'found', false, 'memory', 1, '{PhoneNumber.Parse("+12065550188").Hash()}');
        insert into tool_call_ledger (call_id, tool_call_id, tool, fingerprint, outcome, result, failed) values
          ('{callId}', 't', 'book_appointment', sha256('a'), 'booked', 'Booked for Maria.', false), ('theirs', 't', 'book_appointment', sha256('a'), 'booked', 'Booked.', false)
        """);

    private Task RawEventAsync(string callRef, string? sid) => _node.Tables.ExecuteAsync($"""
        insert into call_event (call_ref, sent_at, message_id, source, type, kind, provider_call_id, received_at, facts)
        values ('{callRef}', now(), gen_random_uuid(), 'vapi', 'status-update', 'Status', {(sid is null ? "null" : $"'{sid}'")}, now(), '{"{}"}')
        """);
}
