using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using ToolBackend.Testing;

namespace ToolBackend.Api.Tests.Operator;

public sealed class TwoKeys(PostgresCluster cluster, RedisServer redis) : ApiFixture(cluster, redis)
{
    public const string Previous = "key-that-is-being-rotated-out";

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Operator:PreviousKeyHash"] = "sha256:" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Previous))),
    };
}

public sealed class OperatorKeyTests(TwoKeys api) : IClassFixture<TwoKeys>
{
    public static TheoryData<string> Routes => ["/appointments", "/shipments/TB1042", "/tools", "/tool-invocations", "/calls", "/calls/stats", "/calls/live", "/failover"];

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Every_route_refuses_who_sends_no_key(string route)
    {
        using var answer = await api.Http.GetAsync(route);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer realm=\"operator\"");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Theory]
    [InlineData("/calls/some-call")]
    [InlineData("/calls/some-call/events")]
    [InlineData("/calls/stream")]
    [InlineData("/calls/stream?after=never")]
    public async Task What_is_said_in_calls_is_refused_to_who_sends_no_key(string route)
    {
        using var answer = await api.Http.GetAsync(route);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Every_route_refuses_a_wrong_key(string route) => (await StatusAsync(route, $"Bearer {ApiNode.OperatorKey}x")).ShouldBe(HttpStatusCode.Unauthorized);

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Every_route_accepts_the_key_and_the_previous_one(string route)
    {
        (await StatusAsync(route, $"Bearer {ApiNode.OperatorKey}")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(route, $"bearer {TwoKeys.Previous}")).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(ApiNode.OperatorKey)]
    [InlineData("Basic " + ApiNode.OperatorKey)]
    [InlineData("Bearer")]
    [InlineData("Bearer " + ApiNode.OperatorKeyHash)]
    [InlineData("Bearer " + ApiNode.WebhookSecret)]
    public async Task Other_forms_and_other_secrets_are_no_key(string authorization) => (await StatusAsync("/tools", authorization)).ShouldBe(HttpStatusCode.Unauthorized);

    [Fact]
    public async Task The_key_is_asked_for_before_the_parameters_are_looked_at()
    {
        using var answer = await api.Http.GetAsync("/appointments?limit=none&day=never");
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Without_a_configured_key_nobody_is_let_in()
    {
        await using var node = await api.StartNodeAsync(Settings(("Operator:KeyHash", null), ("Operator:PreviousKeyHash", null)), ready: false);
        using var answer = await node.Operator.GetAsync("/tools");
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Operator:KeyHash");
        using var empty = new HttpRequestMessage(HttpMethod.Get, "/tools");
        empty.Headers.TryAddWithoutValidation("Authorization", "Bearer ");
        using var refused = await node.Http.SendAsync(empty);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("Operator:KeyHash")]
    [InlineData("Operator:PreviousKeyHash")]
    public async Task A_key_pasted_where_its_hash_belongs_stops_the_start_and_is_not_repeated(string setting)
    {
        var error = await Should.ThrowAsync<OptionsValidationException>(() => api.StartNodeAsync(Settings((setting, "my-plain-operator-key")), ready: false));
        error.Message.ShouldContain(setting);
        error.Message.ShouldNotContain("my-plain-operator-key");
    }

    [Fact]
    public async Task A_previous_key_alone_stops_the_start()
    {
        var error = await Should.ThrowAsync<OptionsValidationException>(() => api.StartNodeAsync(Settings(("Operator:KeyHash", null)), ready: false));
        error.Message.ShouldContain("Operator:KeyHash");
    }

    [Fact]
    public async Task A_flood_of_wrong_keys_writes_one_line_for_each_hundred()
    {
        await using var node = await api.StartNodeAsync(ready: false);
        for (var i = 0; i < 150; i++)
        {
            using var answer = await node.Http.GetAsync("/tools");
        }

        node.Logs.Lines.Count(l => l.Id.Id == 2301).ShouldBe(2);
    }

    private async Task<HttpStatusCode> StatusAsync(string route, string authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, route);
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var answer = await api.Http.SendAsync(request);
        return answer.StatusCode;
    }

    private static Dictionary<string, string?> Settings(params (string Name, string? Value)[] settings) => settings.ToDictionary(s => s.Name, s => s.Value, StringComparer.Ordinal);
}
