using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.Intake;
using ToolBackend.Core.Calls.State;
using ToolBackend.Core.Resilience;
using ToolBackend.LocalStack.Faults;
using ToolBackend.Testing;

namespace ToolBackend.Core.Tests.Calls.Intake;

public sealed class CallEventStoreTests(DemoDatabase database, PostgresCluster cluster) : IClassFixture<DemoDatabase>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task An_event_that_was_acknowledged_is_in_the_table_and_a_second_delivery_adds_nothing()
    {
        await using var node = await StartAsync();
        var store = Store(node);
        var reported = Events.Status("store-once", "in-progress", 1);

        await store.AppendAsync(reported, CancellationToken.None);
        (await CountAsync("store-once")).ShouldBe(1);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => store.AppendAsync(reported, CancellationToken.None)));
        (await CountAsync("store-once")).ShouldBe(1);
    }

    [Fact]
    public async Task A_thousand_events_at_once_are_all_stored_in_fewer_commits_than_events()
    {
        await using var node = await StartAsync();
        var store = Store(node);
        var before = await database.ScalarAsync<long>("select count(distinct xmin::text) from call_event where call_ref like 'store-many%'");
        before.ShouldBe(0);

        await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => store.AppendAsync(Events.Status($"store-many-{i % 50}", "in-progress", i), CancellationToken.None)));

        (await database.ScalarAsync<long>("select count(*) from call_event where call_ref like 'store-many%'")).ShouldBe(1000);
        (await database.ScalarAsync<long>("select count(distinct xmin::text) from call_event where call_ref like 'store-many%'")).ShouldBeLessThan(500);
    }

    [Fact]
    public async Task Ids_that_postgres_cannot_hold_fail_neither_themselves_nor_their_neighbours()
    {
        await using var node = await StartAsync();
        var store = Store(node);

        await Task.WhenAll(
            store.AppendAsync(Events.Status("store-odd\0\ud83d" + new string('x', 300), "in-progress", 1), CancellationToken.None),
            store.AppendAsync(Events.Make("store-odd-2", "", CallEventKind.Other, 1, new CallFacts { Detail = "nul \0 and \ud83d half" }), CancellationToken.None),
            store.AppendAsync(Events.Status("store-odd-3", "in-progress", 1), CancellationToken.None));

        (await database.ScalarAsync<long>("select count(*) from call_event where call_ref like 'store-odd%'")).ShouldBe(3);
    }

    [Fact]
    public async Task Control_addresses_are_kept_apart_and_go_with_the_end_of_the_call()
    {
        await using var node = await StartAsync();
        var store = Store(node);

        await store.AppendAsync(Events.Status("store-control", "in-progress", 1).WithControl("https://cell-1.vapi.ai/abc/control"), CancellationToken.None);
        await store.AppendAsync(Events.Said("store-control", "user", "Hi", 2).WithControl("https://cell-2.vapi.ai/abc/control"), CancellationToken.None);
        (await database.ScalarAsync<string>("select url from call_control where call_ref = 'store-control'")).ShouldBe("https://cell-2.vapi.ai/abc/control");
        (await database.ScalarAsync<long>("select count(*) from call_event e where e::text like '%abc/control%'")).ShouldBe(0);

        await store.AppendAsync(Events.Status("store-control", "ended", 9, "customer-ended-call"), CancellationToken.None);
        await Eventually.IsTrueAsync(
            async () => await database.ScalarAsync<long>("select count(*) from call_control where call_ref = 'store-control'") == 0, s_patience, "the address outlived the call");
    }

    [Fact]
    public async Task Without_postgres_an_event_is_refused_at_once()
    {
        await using var proxy = FaultyProxy.Start(cluster.Server.Port);
        await using var node = await StartAsync(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port }.ConnectionString);
        var store = Store(node);
        await store.AppendAsync(Events.Status("store-down", "ringing", 1), CancellationToken.None);

        proxy.Apply(new ProxyFaults { Mode = ProxyMode.Refuse });
        proxy.ResetConnections();
        await Should.ThrowAsync<UpstreamException>(() => store.AppendAsync(Events.Status("store-down", "in-progress", 2), CancellationToken.None));

        proxy.Heal();
        await Eventually.IsTrueAsync(StoresAsync, s_patience, "events were refused although Postgres was back");
        (await CountAsync("store-down")).ShouldBe(2);

        async Task<bool> StoresAsync()
        {
            try
            {
                await store.AppendAsync(Events.Status("store-down", "in-progress", 2), CancellationToken.None);
                return true;
            }
            catch (UpstreamException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task What_waits_when_the_host_stops_is_stored_or_refused_but_never_left_hanging()
    {
        Task[] appends;
        await using (var node = await StartAsync())
        {
            var store = Store(node);
            appends = [.. Enumerable.Range(0, 400).Select(i => store.AppendAsync(Events.Status("store-stop", "in-progress", i), CancellationToken.None))];
        }

        await Task.WhenAll(appends.Select(a => a.ContinueWith(static _ => { }, TaskScheduler.Default))).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        (await CountAsync("store-stop")).ShouldBeGreaterThanOrEqualTo(appends.Count(a => a.IsCompletedSuccessfully));
    }

    [Fact]
    public async Task A_call_is_folded_soon_after_its_events_and_leaves_its_changes_in_order()
    {
        await using var node = await StartAsync();
        var store = Store(node);
        foreach (var reported in Events.Call("store-fold", "CA-store-fold"))
        {
            await store.AppendAsync(reported, CancellationToken.None);
        }

        await Eventually.IsTrueAsync(
            async () => await database.ScalarAsync<long>("select coalesce(max(version), 0) from call where call_id = 'store-fold'") == 7, s_patience, "the call was not folded");
        var state = CallState.Parse(await database.ScalarAsync<string>("select state from call where call_id = 'store-fold'"));
        state.Status.ShouldBe("ended");
        (await database.ScalarAsync<string>("select string_agg((payload::json ->> 'version'), ',' order by seq) from call_change where call_id = 'store-fold'"))
            .Split(',').Select(int.Parse).ShouldBeInOrder();
        await Eventually.IsTrueAsync(async () => await database.ScalarAsync<long>("select count(*) from call_fold_queue") == 0, s_patience, "the queue was not emptied");
    }

    private Task<long> CountAsync(string callRef) => database.ScalarAsync<long>($"select count(*) from call_event where call_ref = '{callRef}'");

    private Task<CoreNode> StartAsync(string? connectionString = null) => CoreNode.StartAsync(connectionString ?? database.ConnectionString);

    private static CallEventStore Store(CoreNode node) => node.Services.GetRequiredService<CallEventStore>();
}
