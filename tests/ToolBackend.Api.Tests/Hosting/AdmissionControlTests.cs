using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ToolBackend.Api.Hosting;
using ToolBackend.Api.Tests.Operator.Calls;
using ToolBackend.Testing;

namespace ToolBackend.Api.Tests.Hosting;

public sealed class OneAtATime(PostgresCluster cluster, RedisServer redis) : ApiFixture(cluster, redis)
{
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(StringComparer.Ordinal) { ["Host:MaxConcurrentRequests"] = "1" };
}

public sealed class AdmissionControlTests(OneAtATime api) : IClassFixture<OneAtATime>
{
    [Fact]
    public async Task A_request_too_many_gets_503_at_once_and_health_still_answers()
    {
        // A body that never ends keeps the only place; the host has it once it asks for the body.
        await using var busy = await RawHttp.ConnectAsync(api.Node.BaseAddress);
        await busy.SendAsync(RawHttp.WebhookHead("Content-Length: 100\r\nExpect: 100-continue\r\n"));
        (await busy.ReadHeadAsync()).Status.ShouldBe(100);

        var started = Stopwatch.GetTimestamp();
        using var refused = await api.Http.GetAsync("/tools");
        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        refused.ShouldCarrySecurityHeaders();
        (await api.PostToolCallAsync("track_shipment")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(1));
        foreach (var path in (string[])["/healthz", "/readyz", "/version"])
        {
            using var health = await api.Http.GetAsync(path);
            health.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        }
    }

    [Fact]
    public async Task A_place_is_free_again_when_its_request_ends()
    {
        for (var i = 0; i < 20; i++)
        {
            await NobodyInsideAsync();
            (await api.PostToolCallAsync("track_shipment")).Status.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task An_open_stream_takes_no_place()
    {
        await using var stream = await CallStreamClient.OpenAsync(api.Node);
        await stream.SnapshotAsync();

        await NobodyInsideAsync();
        (await api.PostToolCallAsync("track_shipment")).Status.ShouldBe(HttpStatusCode.OK);
        await using var another = await CallStreamClient.OpenAsync(api.Node);
    }

    /// <summary>An answer may reach its client a moment before its request ends in the host.</summary>
    private Task NobodyInsideAsync() => Eventually.IsTrueAsync(
        () => Task.FromResult(api.Node.Services.GetRequiredService<AdmissionControl.Gate>().UnderWay == 0), TimeSpan.FromSeconds(10), "no place became free");
}
