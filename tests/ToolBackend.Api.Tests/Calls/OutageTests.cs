using System.Globalization;
using Npgsql;
using ToolBackend.LocalStack.Faults;
using ToolBackend.LocalStack.Simulators.Vapi;
using ToolBackend.LocalStack.Simulators.Vapi.Calls;
using ToolBackend.Testing;

namespace ToolBackend.Api.Tests.Calls;

/// <summary>Postgres is gone while calls run and end; afterwards every call reaches its true final state without help.</summary>
/// <remarks>
/// <code>
///         begin             Postgres gone                 back
/// calls   |-----------------|xxxxxxxxxxxxxxxxxxxxxxxxxxxx|------------------|
/// half of the calls are sent again until they are acknowledged (backoff plan); of the others Vapi tells once, and what was missed is fetched
/// </code>
/// </remarks>
public sealed class OutageTests(PostgresCluster cluster) : IAsyncLifetime
{
    private const int Calls = 50;
    private static readonly TimeSpan s_outage = TimeSpan.FromSeconds(LongForm.Count(15, 60));
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(150);
    private static readonly string[] s_endings = ["customer-ended-call", "assistant-ended-call", "silence-timed-out", "exceeded-max-duration"];

    private TestDatabase _database = null!;
    private NpgsqlDataSource _source = null!;

    /// <summary>No host but the one in the test: another one that can still store events would be no outage.</summary>
    public async ValueTask InitializeAsync()
    {
        _database = await cluster.CreateDatabaseAsync(ApiFixture.MigrateAndSeedAsync, "demo");
        _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Pooling = false }.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Postgres_gone_while_fifty_calls_run_and_end_leaves_no_call_without_its_true_end()
    {
        await using var vapi = await VapiSimulator.StartAsync(new VapiSimulatorOptions { ConcurrencyLimit = Calls });
        await using var proxy = FaultyProxy.Start(cluster.Server.Port);
        await using var node = await ApiNode.StartAsync(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Postgres"] = new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port }.ConnectionString,
            ["Vendors:Vapi:BaseUrl"] = vapi.Url,
            ["Vendors:Vapi:ApiKey"] = vapi.ApiKey,
            ["Vendors:Vapi:RequestsPerSecond"] = "50",
            ["Calls:Backfill:GapSeconds"] = "10",
            ["Calls:Reaper:IntervalSeconds"] = "1",
            ["Calls:Reaper:ReportMinutes"] = "1",
            ["Calls:Reaper:SilenceMinutes"] = "1",
        });
        await node.WaitUntilReadyAsync();
        var url = new Uri(node.BaseAddress, "/vapi/webhook");
        var again = new WebhookTarget(url) { Credential = WebhookCredential.VapiSecret(ApiNode.WebhookSecret), Backoff = new BackoffPlan { MaxRetries = 10, BaseDelaySeconds = s_outage.TotalSeconds / 6 } };
        var (patient, once) = (vapi.Sender(again), vapi.Sender(again with { Backoff = null }));

        var played = Task.WhenAll(Enumerable.Range(0, Calls).Select(i => (i % 2 == 0 ? patient : once).PlayAsync(Script(i))));
        await Eventually.IsTrueAsync(async () => await QueryAsync("select count(*) from call where status = 'in-progress' and call_id like 'outage-%'") is >= (Calls / 2L), s_patience, "the calls did not begin");
        proxy.Apply(new ProxyFaults { Mode = ProxyMode.Refuse });
        await Task.Delay(s_outage);
        proxy.Heal();

        var sent = await played;
        sent.SelectMany(p => p.Deliveries).Count(d => d.Attempts.Any(a => a.Status == 503)).ShouldBeGreaterThan(Calls, "the outage must have been felt");
        sent.SelectMany(p => p.Deliveries).Count(d => !d.IsTaken).ShouldBeGreaterThan(Calls / 4, "some messages must have been lost for good");
        var wrong = "";
        var started = TimeProvider.System.GetTimestamp();
        while ((wrong = await WrongAsync()).Length > 0 && TimeProvider.System.GetElapsedTime(started) < s_patience)
        {
            await Task.Delay(200);
        }

        wrong.ShouldBe("", "calls without their true end");
        (await QueryAsync($"select count(*) from call where call_id like 'outage-%'")).ShouldBe((long)Calls);
        (await QueryAsync("select count(*) from call_backfill where done_at is not null")).ShouldBe(1L);
    }

    private async Task<object?> QueryAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private async Task<string> WrongAsync()
    {
        var wrong = new List<string>();
        for (var i = 0; i < Calls; i++)
        {
            var state = await QueryAsync($"select status || ' ' || coalesce(ended_reason, '-') || ' ' || has_report from call where call_id = '{Id(i)}'");
            if (state is not string text || text != $"ended {Reason(i)} true")
            {
                wrong.Add($"{Id(i)}: {state ?? "unknown"}");
            }
        }

        return string.Join("; ", wrong);
    }

    /// <summary>Some end before the outage is over, some after.</summary>
    private static CallScript Script(int i) => ReadyScripts.All["parcel"](i) with
    {
        CallId = Id(i),
        CallSid = string.Create(CultureInfo.InvariantCulture, $"CA{i:x32}"),
        CustomerNumber = string.Create(CultureInfo.InvariantCulture, $"+1206553{i:D4}"),
        Length = TimeSpan.FromSeconds(6) + (s_outage * i / Calls * 1.4),
        Ending = new CallEnding(Reason(i)) { ReportDelay = TimeSpan.FromSeconds(1) },
    };

    private static string Id(int i) => string.Create(CultureInfo.InvariantCulture, $"outage-{i:D2}");

    private static string Reason(int i) => s_endings[i % s_endings.Length];
}
