using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ToolBackend.Testing;

namespace ToolBackend.Api.Tests.Operator.Failover;

public sealed class FailoverApi(PostgresCluster cluster, RedisServer redis) : ApiFixture(cluster, redis);

public sealed class FailoverApiTests(FailoverApi api) : IClassFixture<FailoverApi>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Before_anybody_has_set_one_every_line_is_auto_and_a_set_route_is_there_at_once()
    {
        (await RoutesAsync()).ShouldContain(("*", "auto", "default"));
        (await SetAsync("+12065550100", "25%")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SetAsync("all", "own")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var routes = await RoutesAsync();
        routes.Select(r => (r.Line, r.Mode)).ShouldBe([("*", "own"), ("+12065550100", "25%")]);
        routes.ShouldAllBe(r => r.By.Length == 12, "the key's fingerprint");
        (await SetAsync("all", "auto")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await RoutesAsync()).Select(r => (r.Line, r.Mode)).ShouldContain(("*", "auto"));
    }

    [Theory]
    [InlineData("+12065550100", "on")]
    [InlineData("+12065550100", "101%")]
    [InlineData("everybody", "auto")]
    public async Task Other_words_are_refused(string line, string mode) => (await SetAsync(line, mode)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Who_sends_no_key_changes_nothing()
    {
        using var answer = await api.Http.PutAsJsonAsync("/failover/routes/all", new { mode = "own" }, Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private Task<HttpResponseMessage> SetAsync(string line, string mode) => api.Operator.PutAsJsonAsync($"/failover/routes/{Uri.EscapeDataString(line)}", new { mode }, Cancellation);

    private async Task<List<(string Line, string Mode, string By)>> RoutesAsync()
    {
        var report = await api.Operator.GetFromJsonAsync<JsonElement>("/failover", Cancellation);
        return [.. report.GetProperty("routes").EnumerateArray().Select(r => (r.GetProperty("line").GetString()!, r.GetProperty("mode").GetString()!, r.GetProperty("changedBy").GetString()!))];
    }
}
