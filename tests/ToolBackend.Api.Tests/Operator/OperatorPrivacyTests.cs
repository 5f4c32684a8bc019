using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using ToolBackend.Core.Data.Seeding;
using ToolBackend.Testing;

namespace ToolBackend.Api.Tests.Operator;

/// <summary>A host that logs all it is allowed to.</summary>
public sealed class TalkativeApi(PostgresCluster cluster, RedisServer redis) : ApiFixture(cluster, redis)
{
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Logging:LogLevel:Default"] = "Debug",
        ["Logging:LogLevel:Microsoft"] = "Debug",
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Information",
        ["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = "Debug",
        ["Logging:LogLevel:Microsoft.EntityFrameworkCore.Database.Command"] = "Debug",
    };
}

public sealed class OperatorPrivacyTests(TalkativeApi api) : IClassFixture<TalkativeApi>
{
    private const string Number = "2065550142";

    [Fact]
    public async Task S12_a_number_that_an_operator_asks_for_reaches_no_log_line_and_no_span()
    {
        ConcurrentQueue<string> tags = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => tags.Enqueue(span.OperationName + span.DisplayName + string.Join(' ', span.TagObjects.Select(t => $"{t.Key}={t.Value}"))),
        };
        ActivitySource.AddActivityListener(listener);

        // Past this process's own HttpClient, whose spans are the client's.
        foreach (var (request, status) in ((string, int)[])
        [
            ($"GET /appointments?phone=%2B1{Number} HTTP/1.1\r\nX-Test: 1", 200),
            ($"GET /appointments HTTP/1.1\r\nX-Phone: {DemoSeed.CallerPhone}", 200),
            ($"GET /appointments?limit=x&phone=%2B1{Number} HTTP/1.1\r\nX-Test: 1", 400),
            ($"GET /tool-invocations?callId={Number} HTTP/1.1\r\nX-Test: 1", 200),
        ])
        {
            await using var raw = await Hosting.RawHttp.ConnectAsync(api.Node.BaseAddress);
            await raw.SendAsync($"{request}\r\nHost: test\r\nAuthorization: Bearer {ApiNode.OperatorKey}\r\n\r\n");
            (await raw.ReadHeadAsync()).Status.ShouldBe(status);
        }

        api.Logs.Lines.ShouldContain(l => l.Category.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal), "the host is as talkative as it was told to be");
        api.Logs.Lines.Where(l => l.Text.Contains(Number, StringComparison.Ordinal) || l.Text.Contains(ApiNode.OperatorKey, StringComparison.Ordinal)).ShouldBeEmpty();
        tags.ShouldContain(t => t.Contains("/appointments", StringComparison.Ordinal));
        tags.Where(t => t.Contains(Number, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task S12_nor_when_the_database_is_away()
    {
        await using var node = await api.StartNodeAsync(
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:Postgres"] = "Host=127.0.0.1;Port=1;Username=nobody;Database=none" }, ready: false);
        using var answer = await node.Operator.GetAsync($"/appointments?phone=%2B1{Number}");
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain(Number);
        node.Logs.Lines.ShouldContain(l => l.Id.Id == 2401);
        node.Logs.Lines.Where(l => l.Text.Contains(Number, StringComparison.Ordinal)).ShouldBeEmpty();
    }
}
