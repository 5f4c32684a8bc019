using Microsoft.Extensions.Options;

namespace ToolBackend.Api.Tests.Hosting;

public sealed class ApiHostTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Secret = "Vapi:Webhook:Secret";
    private const string Authentication = "Vapi:Webhook:Authentication";

    [Fact]
    public async Task It_refuses_to_start_without_a_secret() =>
        (await RefusalAsync((Secret, null))).ShouldContain(Secret);

    [Fact]
    public async Task It_refuses_to_start_with_a_short_secret_and_does_not_repeat_it()
    {
        var message = await RefusalAsync((Secret, "only-23-bytes-of-secret"));
        message.ShouldContain(Secret);
        message.ShouldContain("24");
        message.ShouldNotContain("only-23-bytes");
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://*:0")]
    [InlineData("http://127.0.0.1:0;http://[::]:0")]
    public async Task It_refuses_to_start_unauthenticated_where_others_can_knock(string urls) =>
        (await RefusalAsync((Secret, null), (Authentication, "Off"), ("urls", urls))).ShouldContain(Authentication);

    [Fact]
    public async Task It_refuses_an_unauthenticated_port_that_is_given_by_number() =>
        (await RefusalAsync((Secret, null), (Authentication, "Off"), ("urls", null), ("http_ports", "0"))).ShouldContain(Authentication);

    [Fact]
    public async Task Unauthenticated_on_loopback_it_starts_and_answers()
    {
        await using var node = await api.StartNodeAsync(Settings((Secret, null), (Authentication, "Off")));
        using var answer = await node.Http.PostAsync("/vapi/webhook", new StringContent("""{"message":{"type":"status-update"}}"""));
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
    }

    [Fact]
    public async Task It_refuses_to_start_without_a_database()
    {
        var error = await Should.ThrowAsync<InvalidOperationException>(() => api.StartNodeAsync(Settings(("ConnectionStrings:Postgres", null)), ready: false));
        error.Message.ShouldContain("ConnectionStrings:Postgres");
    }

    [Theory]
    [InlineData("Host:MaxConcurrentRequests", "0")]
    [InlineData("Host:ReadinessGraceSeconds", "-1")]
    [InlineData("Tools:WallMilliseconds", "1")]
    [InlineData("Operator:DeadlineMilliseconds", "0")]
    public async Task It_refuses_a_setting_outside_its_limits(string setting, string value) =>
        (await RefusalAsync((setting, value))).ShouldContain(setting.Split(':')[1]);

    private async Task<string> RefusalAsync(params (string Name, string? Value)[] settings) =>
        (await Should.ThrowAsync<OptionsValidationException>(() => api.StartNodeAsync(Settings(settings), ready: false))).Message;

    private static Dictionary<string, string?> Settings(params (string Name, string? Value)[] settings) => settings.ToDictionary(s => s.Name, s => s.Value, StringComparer.Ordinal);
}
