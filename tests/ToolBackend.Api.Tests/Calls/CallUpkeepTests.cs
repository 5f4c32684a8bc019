using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.Intake;
using ToolBackend.Core.Leadership;
using ToolBackend.LocalStack.Simulators.Vapi;
using ToolBackend.LocalStack.Simulators.Vapi.Calls;
using ToolBackend.Testing;

namespace ToolBackend.Api.Tests.Calls;

/// <summary>Heartbeats, reaper and backfill as they run in the host, two replicas on one database, against the simulated Vapi.</summary>
public sealed class CallUpkeepTests(PostgresCluster cluster) : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    private readonly List<ApiNode> _nodes = [];
    private VapiSimulator _vapi = null!;
    private TestDatabase _database = null!;
    private NpgsqlDataSource _source = null!;

    public async ValueTask InitializeAsync()
    {
        _vapi = await VapiSimulator.StartAsync();
        _database = await cluster.CreateDatabaseAsync(ApiFixture.MigrateAndSeedAsync, "demo");
        _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Pooling = false }.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await _source.DisposeAsync();
        await _database.DisposeAsync();
        await _vapi.DisposeAsync();
    }

    [Fact]
    public async Task After_an_outage_of_all_replicas_every_call_reaches_its_true_end()
    {
        var now = TimeProvider.System.GetUtcNow();
        var truth = Enumerable.Range(0, 30).Select(i => _vapi.Calls.Add(ReadyScripts.All.Values.ElementAt(i % ReadyScripts.All.Count)(i) with { CallId = $"missed-{i:00}" }, now.AddMinutes(-5))).ToList();
        await ExecuteAsync("insert into service_heartbeat (name, at) values ('event-intake', now() - interval '10 minutes')");

        await StartAsync(2);
        await EventuallyAsync("select exists (select from call_backfill where done_at is not null)", "the outage was not made good");
        await EventuallyAsync("select not exists (select from call_fold_queue)", "calls were not folded");
        foreach (var call in truth)
        {
            var known = _vapi.Calls.Find(call.Id)!;
            (await ScalarAsync($"select status || ' ' || ended_reason from call where call_id = '{call.Id}'")).ShouldBe($"ended {known["endedReason"]!.GetValue<string>()}");
        }

        (await ScalarAsync("select count(*) from call_backfill")).ShouldBe(1L, "one replica noted the outage");
        await EventuallyAsync("select at > now() - interval '30 seconds' from service_heartbeat", "no heartbeat was written");
    }

    [Fact]
    public async Task A_call_that_fell_silent_ends_as_Vapi_says_without_anybody_s_help()
    {
        await StartAsync(2);
        await _nodes[0].WaitUntilReadyAsync();
        var now = TimeProvider.System.GetUtcNow();
        var call = _vapi.Calls.Add(ReadyScripts.All["booking"](7) with { CallId = "silent" }, now.AddMinutes(-30));
        var told = new CallEvent("silent", Guid.NewGuid(), CallEventSource.Vapi, "status-update", CallEventKind.Status, now.AddMinutes(-25), now, null, new CallFacts { Status = "in-progress" });
        await _nodes[0].Services.GetRequiredService<ICallEventStore>().AppendAsync(new ReportedEvent(told, null, null), CancellationToken.None);

        await EventuallyAsync("select exists (select from call where call_id = 'silent' and status = 'ended' and has_report)", "the call stayed open");
        (await ScalarAsync("select ended_reason from call")).ShouldBe(_vapi.Calls.Find(call.Id)!["endedReason"]!.GetValue<string>());
        _nodes.Count(n => n.Services.GetRequiredService<LeaderLease>().IsLeading).ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task Without_a_key_of_Vapi_the_host_runs_and_says_what_waits()
    {
        await ExecuteAsync("insert into service_heartbeat (name, at) values ('event-intake', now() - interval '10 minutes')");
        await StartAsync(1, ("Vendors:Vapi:ApiKey", null));
        await Eventually.IsTrueAsync(() => Task.FromResult(_nodes[0].Logs.Lines.Any(l => l.Id.Id == 1704)), s_patience, "nobody said that the backfill waits");
        _nodes[0].Logs.Lines.First(l => l.Id.Id == 1704).Message.ShouldBe("The job backfill was put off: Vapi failed (Rejected), 1 times in a row");
        (await ScalarAsync("select count(*) from call_backfill where done_at is null")).ShouldBe(1L);
    }

    private async Task StartAsync(int nodes, params (string Name, string? Value)[] more)
    {
        for (var i = 0; i < nodes; i++)
        {
            var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["ConnectionStrings:Postgres"] = _database.ConnectionString,
                ["Postgres:MaxConnections"] = "8",
                ["Vendors:Vapi:BaseUrl"] = _vapi.Url,
                ["Vendors:Vapi:ApiKey"] = _vapi.ApiKey,
                ["Vendors:Vapi:RequestsPerSecond"] = "1000",
                ["Calls:Reaper:IntervalSeconds"] = "1",
            };
            foreach (var (name, value) in more)
            {
                settings[name] = value;
            }

            _nodes.Add(await ApiNode.StartAsync(settings));
        }
    }

    private Task EventuallyAsync(string sql, string otherwise) => Eventually.IsTrueAsync(async () => await ScalarAsync(sql) is true, s_patience, otherwise);

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
