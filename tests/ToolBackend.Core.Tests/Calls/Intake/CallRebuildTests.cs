using Microsoft.Extensions.DependencyInjection;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.Intake;
using ToolBackend.Core.Calls.State;
using ToolBackend.Core.Data.Seeding;
using ToolBackend.Testing;

namespace ToolBackend.Core.Tests.Calls.Intake;

public sealed class CallRebuildTests(DemoDatabase database) : IClassFixture<DemoDatabase>
{
    private const string Everything = """
        select coalesce(string_agg(c::text, E'\n' order by call_id), '') from (
          select call_id, version, status, ended_reason, ended_class, side, type, opened_at, started_at, ended_at, last_event_at, max_seconds, caller, line, assistant_id, assistant_name,
                 provider_call_id, duration_ms, cost, success, has_report, turn_ms, anomalies, words, state from call) c
        """;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task C8_a_projection_rebuilt_from_events_is_byte_equal_to_the_live_one()
    {
        await using (var node = await CoreNode.StartAsync(database.ConnectionString))
        {
            await PlayAsync(node.Services.GetRequiredService<CallEventStore>());
            await Eventually.IsTrueAsync(async () => await database.ScalarAsync<long>("select count(*) from call_fold_queue") == 0, s_patience, "the queue was not emptied");
        }

        var live = await database.ScalarAsync<string>(Everything);
        live.ShouldContain("customer-ended-call");
        var names = await database.ScalarAsync<string>("select string_agg(a::text, ' ' order by alias) from call_alias a");

        // Over the live states: nothing differs.
        (await RebuildAsync()).Changed.ShouldBe(0);
        (await database.ScalarAsync<string>(Everything)).ShouldBe(live);

        // From nothing.
        await database.ExecuteAsync("truncate call, call_alias");
        (await RebuildAsync()).Failed.ShouldBeEmpty();
        (await database.ScalarAsync<string>(Everything)).ShouldBe(live);
        (await database.ScalarAsync<string>("select string_agg(a::text, ' ' order by alias) from call_alias a")).ShouldBe(names);

        // Whatever stands there wrongly is replaced.
        await database.ExecuteAsync("update call set state = replace(state, 'ended', 'queued'), status = 'queued' where call_id = 'c8-3'");
        (await RebuildAsync()).Changed.ShouldBe(1);
        (await database.ScalarAsync<string>(Everything)).ShouldBe(live);
    }

    [Fact]
    public async Task Generated_calls_are_what_their_events_fold_to()
    {
        await new Generator(database.Source, TimeProvider.System).RunAsync(new GeneratorOptions { Calls = 300, Customers = 10 }, null, CancellationToken.None);
        (await database.ScalarAsync<long>("select count(*) from call where line = '+12065550100'")).ShouldBeGreaterThanOrEqualTo(300);
        var before = await database.ScalarAsync<string>(Everything);

        (await RebuildAsync()).Changed.ShouldBe(0);
        (await database.ScalarAsync<string>(Everything)).ShouldBe(before);
    }

    [Fact]
    public async Task A_call_that_vapi_began_and_the_pipeline_finished_is_one_call_under_all_of_its_names()
    {
        await using var node = await CoreNode.StartAsync(database.ConnectionString);
        var store = node.Services.GetRequiredService<CallEventStore>();
        await store.AppendAsync(Events.Status("c8-two-own", "in-progress", 30, source: CallEventSource.Pipeline), CancellationToken.None);
        await Eventually.IsTrueAsync(async () => await database.ScalarAsync<long>("select count(*) from call where call_id = 'c8-two-own'") == 1, s_patience, "the pipeline's side was not folded");

        // Only now is it known that both are the call of one carrier's id.
        await store.AppendAsync(Events.Said("c8-two-own", "user", "And move it to Friday.", 33, "CA-c8-two", CallEventSource.Pipeline), CancellationToken.None);
        await store.AppendAsync(Events.Status("c8-two-vapi", "in-progress", 1, sid: "CA-c8-two"), CancellationToken.None);
        await store.AppendAsync(Events.Said("c8-two-vapi", "user", "I have a visit on Thursday.", 5, "CA-c8-two"), CancellationToken.None);
        await store.AppendAsync(Events.Status("c8-two-vapi", "ended", 28, "phone-call-provider-closed-websocket", "CA-c8-two"), CancellationToken.None);
        await store.AppendAsync(Events.Status("c8-two-own", "ended", 60, "customer-ended-call", "CA-c8-two", CallEventSource.Pipeline), CancellationToken.None);

        await Eventually.IsTrueAsync(
            async () => await database.ScalarAsync<string>("select coalesce(string_agg(call_id || ' ' || version, ';'), '') from call where call_id like 'c8-two%'") == "c8-two-vapi 6",
            s_patience, "the two sides did not become one call");
        (await database.ScalarAsync<string>("select string_agg(alias || '=' || call_id, ' ' order by alias) from call_alias where alias like '%c8-two%'"))
            .ShouldBe("CA-c8-two=c8-two-vapi c8-two-own=c8-two-vapi c8-two-vapi=c8-two-vapi");
        var call = CallState.Parse(await database.ScalarAsync<string>("select state from call where call_id = 'c8-two-vapi'"));
        call.Status.ShouldBe("ended");
        call.EndedReason.ShouldBe("customer-ended-call");
        call.Side.ShouldBe("both");
        call.Transcript.Select(u => u.Text).ShouldBe(["I have a visit on Thursday.", "And move it to Friday."]);
        (await database.ScalarAsync<long>("select count(*) from call_change where call_id = 'c8-two-own' and payload like '%\"mergedInto\":\"c8-two-vapi\"%'")).ShouldBe(1);
    }

    private static async Task PlayAsync(CallEventStore store)
    {
        var random = new Random(8);
        var all = Enumerable.Range(0, 40).SelectMany(i => Events.Call($"c8-{i}", $"CA-c8-{i}")).ToArray();
        random.Shuffle(all);
        foreach (var slice in all.Chunk(20))
        {
            await Task.WhenAll(slice.Concat(slice.Take(5)).Select(e => store.AppendAsync(e, CancellationToken.None)));
        }
    }

    private Task<RebuildReport> RebuildAsync() => new CallRebuild(database.Source, TimeProvider.System).RunAsync(null, CancellationToken.None);
}
