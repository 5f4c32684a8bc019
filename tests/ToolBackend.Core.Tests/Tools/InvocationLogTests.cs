using ToolBackend.Core.Speech;

namespace ToolBackend.Core.Tests.Tools;

public sealed class InvocationLogTests(DemoDatabase database) : IClassFixture<DemoDatabase>
{
    [Fact]
    public async Task Every_answer_leaves_a_row_with_a_hash_and_no_number_and_no_argument()
    {
        await using (var node = await CoreNode.StartAsync(database.ConnectionString, null, ("Tools:ReadDeadlineMilliseconds", "15000"), ("Postgres:ReadTimeoutMilliseconds", "10000")))
        {
            await OlderTransactionsEndAsync();
            await node.CallAsync("track_shipment", """{"trackingNumber":"TB1042","name":"Marker"}""", "log-1", "t1", ToolDesk.Ana);
            await node.CallAsync("track_shipment", """{"trackingNumber":"TB1042"}""", "log-1", "t2", ToolDesk.Ana);
            await node.CallAsync("track_shipment", "[]", "log-1", "t3", caller: null);
        } // stopping stores what is still queued

        (await RowsAsync("log-1")).ShouldBe(
            $"t1 track_shipment tracked false database {PhoneNumber.Parse(ToolDesk.Ana).Hash()}; t2 track_shipment tracked false memory {PhoneNumber.Parse(ToolDesk.Ana).Hash()}; t3 track_shipment arguments_refused true none -");
        (await database.ScalarAsync<long>("select count(*) from tool_invocation i where i::text ~ '2065550142|Marker|TB1042'")).ShouldBe(0);
    }

    [Fact]
    public async Task Ids_that_postgres_cannot_hold_hold_up_nothing()
    {
        await using (var node = await CoreNode.StartAsync(database.ConnectionString, null, ("Tools:ReadDeadlineMilliseconds", "15000"), ("Postgres:ReadTimeoutMilliseconds", "10000")))
        {
            await node.CallAsync("list_shipments", "{}", "log-2\0\ud83d", "t1");
            await node.CallAsync("list_shipments", "{}", "log-2" + new string('x', 500), "t2\udc00\U0001F600");
            await node.CallAsync("list_shipments", "{}", "", "");
            await node.CallAsync("list_shipments", "{}", "log-2-after", "t4");
        }

        (await database.ScalarAsync<string>("select string_agg(left(call_id, 7) || ' ' || tool_call_id || ' ' || length(call_id), '; ' order by at, tool_call_id) from tool_invocation where call_id not like 'log-1%'"))
            .ShouldBe("log-2?? t1 7; log-2xx t2??? 128;   0; log-2-a t4 11");
    }

    /// <summary>
    /// Transaction ids are the cluster's, not the database's: a value read while a transaction of another test class is open that began before this node listened
    /// is not kept in memory, as it must be.
    /// </summary>
    private async Task OlderTransactionsEndAsync()
    {
        var begun = await database.ScalarAsync<long>("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint");
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await database.ScalarAsync<long>("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint") < begun)
        {
            await Task.Delay(20, deadline.Token);
        }
    }

    private Task<string> RowsAsync(string call) => database.ScalarAsync<string>(
        $"select string_agg(tool_call_id || ' ' || tool || ' ' || outcome || ' ' || failed || ' ' || source || ' ' || coalesce(caller_hash, '-'), '; ' order by at, tool_call_id) from tool_invocation where call_id = '{call}'");
}
