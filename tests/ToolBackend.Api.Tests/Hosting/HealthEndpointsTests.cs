using System.Net;
using ToolBackend.Api.Tests.Operator;
using ToolBackend.Core.Data.Seeding;
using ToolBackend.LocalStack;

namespace ToolBackend.Api.Tests.Hosting;

public sealed class HealthEndpointsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Version_names_the_build() => (await api.Http.GetJsonAsync("/version")).GetProperty("version").GetString().ShouldStartWith("0.1.0");

    [Fact]
    public async Task A_ready_host_answers_a_tool_call_from_the_demo_data()
    {
        var reply = await api.PostToolCallAsync("track_shipment", $$"""{"trackingNumber":"{{DemoSeed.CallerTrackingNumber}}"}""", caller: DemoSeed.CallerPhone);
        reply.Status.ShouldBe(HttpStatusCode.OK);
        reply.Result.ShouldNotBeNull().ShouldContain("Northwind Books");
    }

    [Fact]
    public async Task With_everything_up_it_is_ready()
    {
        var report = await api.Http.GetJsonAsync("/readyz");
        report.GetProperty("status").GetString().ShouldBe("ready");
        report.GetProperty("postgres").GetString().ShouldNotBe("down");
        report.GetProperty("redis").GetString().ShouldBe("up");
    }

    [Fact]
    public async Task Without_Postgres_it_lives_but_is_not_ready()
    {
        await using var node = await api.StartNodeAsync(Setting("ConnectionStrings:Postgres", "Host=127.0.0.1;Port=1;Username=nobody;Database=none"), ready: false);
        using var alive = await node.Http.GetAsync("/healthz");
        alive.StatusCode.ShouldBe(HttpStatusCode.OK);
        var report = await node.Http.GetJsonAsync("/readyz", HttpStatusCode.ServiceUnavailable);
        report.GetProperty("status").GetString().ShouldBe("not ready");
        report.GetProperty("postgres").GetString().ShouldBe("down");
        report.GetProperty("warm").GetBoolean().ShouldBeFalse();

        using var read = await node.Operator.GetAsync("/appointments");
        read.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        read.Headers.RetryAfter.ShouldNotBeNull();
        read.ShouldCarrySecurityHeaders();
    }

    [Fact]
    public async Task Without_Redis_it_is_ready_but_degraded()
    {
        await using var node = await api.StartNodeAsync(Setting("ConnectionStrings:Redis", "127.0.0.1:1"));
        var report = await node.Http.GetJsonAsync("/readyz");
        report.GetProperty("status").GetString().ShouldBe("degraded");
        report.GetProperty("redis").GetString().ShouldBe("down");
    }

    [Fact]
    public async Task Without_a_configured_Redis_it_says_so()
    {
        await using var node = await api.StartNodeAsync(Setting("ConnectionStrings:Redis", null));
        (await node.Http.GetJsonAsync("/readyz")).GetProperty("redis").GetString().ShouldBe("not configured");
    }

    [Fact]
    public async Task While_Postgres_is_away_it_is_not_ready_and_afterwards_it_is_again()
    {
        var folder = LocalFolders.NewTemporary();
        try
        {
            await using var postgres = await LocalPostgres.StartNewAsync(new LocalPostgresOptions { Folder = Path.Combine(folder, "postgres"), Durable = false });
            await ApiFixture.MigrateAndSeedAsync(postgres.ConnectionString);
            await using var node = await api.StartNodeAsync(Setting("ConnectionStrings:Postgres", postgres.ConnectionString));

            await postgres.StopAsync();
            await UntilAsync(node, HttpStatusCode.ServiceUnavailable);
            using var alive = await node.Http.GetAsync("/healthz");
            alive.StatusCode.ShouldBe(HttpStatusCode.OK);

            await postgres.StartAsync();
            await UntilAsync(node, HttpStatusCode.OK);
        }
        finally
        {
            LocalFolders.TryDelete(folder);
        }
    }

    private static Dictionary<string, string?> Setting(string name, string? value) => new(StringComparer.Ordinal) { [name] = value };

    private static async Task UntilAsync(ApiNode node, HttpStatusCode wanted)
    {
        using var limit = new CancellationTokenSource(s_deadline);
        while (true)
        {
            using var answer = await node.Http.GetAsync("/readyz", limit.Token);
            if (answer.StatusCode == wanted)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        }
    }
}
