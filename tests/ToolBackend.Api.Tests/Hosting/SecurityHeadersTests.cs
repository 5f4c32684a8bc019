using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ToolBackend.Core.Resilience;
using ToolBackend.Testing;

namespace ToolBackend.Api.Tests.Hosting;

/// <summary>A host whose <c>/test/...</c> routes throw.</summary>
public sealed class ThrowingApi(PostgresCluster cluster, RedisServer redis) : ApiFixture(cluster, redis)
{
    public const string Secret = "value-inside-the-exception";

    protected override Action<WebApplicationBuilder> Adjust => builder => builder.Services.AddSingleton<IStartupFilter>(new Routes());

    private sealed class Routes : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            next(app);
            app.Map("/test/bug", branch => branch.Run(_ => throw new InvalidOperationException(Secret)));
            app.Map("/test/upstream", branch => branch.Run(_ => throw new UpstreamException("Postgres", UpstreamFailure.Busy)));
        };
    }
}

public sealed class SecurityHeadersTests(ThrowingApi api) : IClassFixture<ThrowingApi>
{
    [Theory]
    [InlineData("GET", "/healthz", HttpStatusCode.OK)]
    [InlineData("GET", "/version", HttpStatusCode.OK)]
    [InlineData("GET", "/openapi/v1.json", HttpStatusCode.OK)]
    [InlineData("GET", "/nothing-here", HttpStatusCode.NotFound)]
    [InlineData("GET", "/tools", HttpStatusCode.Unauthorized)]
    [InlineData("DELETE", "/tools", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/vapi/webhook", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "/vapi/webhook", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/test/bug", HttpStatusCode.InternalServerError)]
    [InlineData("GET", "/test/upstream", HttpStatusCode.ServiceUnavailable)]
    public async Task Every_answer_carries_them(string method, string path, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await api.Http.SendAsync(request);
        answer.StatusCode.ShouldBe(expected);
        answer.ShouldCarrySecurityHeaders();
    }

    [Theory]
    [InlineData("GET", "/nothing-here")]
    [InlineData("DELETE", "/tools")]
    public async Task A_refusal_without_words_becomes_problem_details(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await api.Http.SendAsync(request);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task A_bug_tells_the_client_nothing_about_itself()
    {
        using var answer = await api.Http.GetAsync("/test/bug");
        var text = await answer.Content.ReadAsStringAsync();
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        text.ShouldNotContain(ThrowingApi.Secret);
        text.ShouldNotContain("Exception");
    }

    [Fact]
    public async Task A_failing_dependency_is_503_with_a_time_to_come_back_and_one_log_line()
    {
        var before = api.Logs.Lines.Count;
        using var answer = await api.Http.GetAsync("/test/upstream");
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Too many requests wait for the database.");
        api.Logs.Lines.Skip(before).ShouldHaveSingleItem().Id.Id.ShouldBe(2401);
    }
}

internal static class SecurityHeadersOf
{
    public static void ShouldCarrySecurityHeaders(this HttpResponseMessage answer)
    {
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
        answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        answer.Headers.GetValues("Content-Security-Policy").ShouldBe(["default-src 'none'; frame-ancestors 'none'"]);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Headers.Contains("Server").ShouldBeFalse();
    }
}
