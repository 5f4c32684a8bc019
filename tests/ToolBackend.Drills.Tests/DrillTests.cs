using Npgsql;
using ToolBackend.Core.Data.Migrations;
using ToolBackend.Core.Data.Seeding;
using ToolBackend.Load.Drills;
using ToolBackend.Testing;

namespace ToolBackend.Drills.Tests;

/// <summary>Short forms of <c>./dev drill</c>: the same stage, hosts in processes of their own, fewer callers. An assembly of its own, because people on the telephone want the machine for themselves.</summary>
public sealed class DrillTests(PostgresCluster cluster, RedisServer redis)
{
    private const string WebhookSecret = "drill-webhook-secret-0123456789abcdef";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. Drill.All.Select(d => d.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_drill_loses_no_call(string name)
    {
        var drill = Drill.All.Single(d => d.Name == name);
        var callers = LongForm.Count(drill.BreaksStreams ? 4 : 2, drill.Callers);
        await using var database = await cluster.CreateDatabaseAsync(SeedAsync, "demo");
        var result = await DrillRun.PlayAsync(drill, callers, Core(database), WebhookSecret, Cancellation);
        result.Calls.Count.ShouldBe(callers);
        result.Calls.Where(c => c.Complaint is not null).Select(Tell).ShouldBeEmpty();
        result.Complaint.ShouldBeNull();
    }

    private Dictionary<string, string?> Core(TestDatabase database) => new(StringComparer.Ordinal)
    {
        ["ConnectionStrings__Postgres"] = database.ConnectionString,
        ["ConnectionStrings__Redis"] = redis.Endpoint,
        ["Redis__KeyPrefix"] = database.Name.Replace('_', '-'),
        ["Postgres__MaxConnections"] = "12",
        ["Vapi__Webhook__Secret"] = WebhookSecret,
        ["Host__ReadinessGraceSeconds"] = "0",
        ["Voice__WarmUp"] = "false", // three hosts at a time on a small machine
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["DOTNET_ENVIRONMENT"] = "Production",
        ["ASPNETCORE_URLS"] = null,
    };

    private static string Tell(CallStory call) => $"call {call.Caller + 1}: {call.Complaint} ({string.Join(" / ", call.Moments.Select(m => $"{m.At.TotalSeconds:0.0} {m.Who}: {m.Words}"))})";

    private static async Task SeedAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await new MigrationRunner(TimeProvider.System).MigrateAsync(source, CancellationToken.None);
        await DemoSeed.RunAsync(source, today: null, CancellationToken.None);
    }
}
