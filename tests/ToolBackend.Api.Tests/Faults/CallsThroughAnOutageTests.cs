using Npgsql;
using ToolBackend.LocalStack.Faults;
using ToolBackend.LocalStack.Simulators.Vapi;
using ToolBackend.LocalStack.Simulators.Vapi.Calls;
using ToolBackend.Testing;

namespace ToolBackend.Api.Tests.Faults;

/// <summary>
/// Issue 3: Postgres is away while 50 calls run and end, and nothing is sent twice. The short form is away for a quarter of a minute, the long form for a whole one.
/// </summary>
[Collection(FaultsCollection.Name)]
public sealed class CallsThroughAnOutageTests(PostgresCluster cluster) : IAsyncLifetime
{
    private const int Calls = 50;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_outage = TimeSpan.FromSeconds(LongForm.Count(15, 60));
    private static readonly TimeSpan s_length = TimeSpan.FromSeconds(6);

    private FaultyProxy _proxy = null!;
    private VapiSimulator _vapi = null!;
    private TestDatabase _database = null!;
    private NpgsqlDataSource _source = null!;
    private ApiNode _node = null!;

    public async ValueTask InitializeAsync()
    {
        _vapi = await VapiSimulator.StartAsync();
        _database = await cluster.CreateDatabaseAsync(ApiFixture.MigrateAndSeedAsync, "demo");
        _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Pooling = false }.ConnectionString);
        _proxy = FaultyProxy.Start(cluster.Server.Port);
        _node = await ApiNode.StartAsync(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Postgres"] = new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Host = "127.0.0.1", Port = _proxy.Port }.ConnectionString,
            ["Postgres:MaxConnections"] = "8",
            ["Vendors:Vapi:BaseUrl"] = _vapi.Url,
            ["Vendors:Vapi:ApiKey"] = _vapi.ApiKey,
            ["Vendors:Vapi:RequestsPerSecond"] = "1000",
            ["Calls:Backfill:GapSeconds"] = "10",
        });
        await _node.WaitUntilReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _proxy.DisposeAsync();
        await _source.DisposeAsync();
        await _database.DisposeAsync();
        await _vapi.DisposeAsync();
    }

    [Fact]
    public async Task Every_call_that_ran_or_ended_while_postgres_was_away_reaches_its_true_final_state_without_help()
    {
        var target = new WebhookTarget(new Uri(_node.BaseAddress, "/vapi/webhook")) { Credential = WebhookCredential.VapiSecret(ApiNode.WebhookSecret) };
        using var sender = _vapi.Sender(target);
        await EventuallyAsync("select exists (select from service_heartbeat)", "no heartbeat was written");
        var before = Enumerable.Range(0, Calls / 2).Select(i => sender.PlayAsync(Script(i))).ToList();
        await EventuallyAsync($"select count(*) = {before.Count} from call", "the calls did not begin");

        _proxy.Apply(new ProxyFaults { Mode = ProxyMode.Refuse });
        _proxy.ResetConnections();
        var away = Task.Delay(s_outage);
        var during = Enumerable.Range(Calls / 2, Calls / 2).Select(i => sender.PlayAsync(Script(i))).ToList();
        var played = await Task.WhenAll(before.Concat(during));
        await away;
        played.ShouldContain(p => p.Deliveries.Any(d => !d.IsTaken), "nothing was lost: there was no outage");
        _proxy.Heal();

        await EventuallyAsync("select exists (select from call_backfill where done_at is not null)", "the outage was not made good");
        await EventuallyAsync($"select count(*) = {Calls} from call where status = 'ended' and has_report", "some calls did not reach their end");
        foreach (var id in played.Select(p => p.Call.Id))
        {
            (await ScalarAsync($"select ended_reason from call where call_id = '{id}'")).ShouldBe(_vapi.Calls.Find(id)!["endedReason"]!.GetValue<string>());
        }

        (await ScalarAsync("select count(*) from call")).ShouldBe((long)Calls);
    }

    private static CallScript Script(int seed) => ReadyScripts.All["booking"](seed) with { CallId = $"outage-{seed:00}", Length = s_length };

    private Task EventuallyAsync(string sql, string otherwise) => Eventually.IsTrueAsync(async () => await ScalarAsync(sql) is true, s_patience, otherwise);

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
