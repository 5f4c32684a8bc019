using Microsoft.AspNetCore.Http;
using ToolBackend.Cli.Diagnosis;
using ToolBackend.LocalStack.Processes;
using ToolBackend.Vapi.Definitions;

namespace ToolBackend.Cli.Tests.Diagnosis;

public sealed class KeyChecksTests : IAsyncLifetime
{
    private const string Account = "AC0123456789abcdef0123456789abcdef";

    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);
    private VendorServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await VendorServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("Vapi", "/assistant?limit=1", "Authorization", "Bearer the-key")]
    [InlineData("Twilio", "/2010-04-01/Accounts/" + Account + "/IncomingPhoneNumbers.json?PageSize=1", "Authorization", "Basic QUMwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZjp0aGUta2V5")]
    [InlineData("Deepgram", "/v1/projects", "Authorization", "Token the-key")]
    [InlineData("AssemblyAI", "/v2/transcript?limit=1", "Authorization", "the-key")]
    [InlineData("Groq", "/openai/v1/models", "Authorization", "Bearer the-key")]
    [InlineData("Together", "/v1/models", "Authorization", "Bearer the-key")]
    [InlineData("Fireworks", "/inference/v1/models", "Authorization", "Bearer the-key")]
    [InlineData("ElevenLabs", "/v1/models", "xi-api-key", "the-key")]
    public async Task Each_vendor_is_asked_at_its_own_place_with_its_own_header(string vendor, string target, string header, string value)
    {
        _server.Accepts = (target, header, value);

        var accepted = await LookAsync(vendor, "the-key");
        var refused = await LookAsync(vendor, "another-key");

        accepted.Status.ShouldBe(CheckStatus.Ok, accepted.Detail);
        (refused.Status, refused.Area).ShouldBe((CheckStatus.Failed, CheckArea.Key), refused.Detail);
        refused.Detail.ShouldNotContain("another-key");
    }

    [Theory]
    [InlineData("", "/openai/v1/models")]
    [InlineData("/", "/openai/v1/models")]
    [InlineData("/openai/v1", "/openai/v1/models")]
    [InlineData("/proxy", "/proxy/openai/v1/models")]
    public async Task An_address_may_end_with_the_beginning_of_the_path(string ending, string target)
    {
        _server.Accepts = (target, "Authorization", "Bearer the-key");

        (await LookAsync("Groq", "the-key", _server.Url + ending)).Status.ShouldBe(CheckStatus.Ok);
    }

    [Fact]
    public async Task A_bad_key_a_limit_trouble_there_and_nobody_there_are_told_apart()
    {
        (await AnsweredAsync(401, """{"err_code":"INVALID_AUTH"}""")).ShouldBe((CheckStatus.Failed, CheckArea.Key));
        (await AnsweredAsync(429, "{}", ("Retry-After", "7"))).ShouldBe((CheckStatus.Warning, CheckArea.Other));
        (await AnsweredAsync(503, "{}")).ShouldBe((CheckStatus.Failed, CheckArea.Other));

        var nobody = await LookAsync("Deepgram", "the-key", $"http://127.0.0.1:{FreePort.Next()}");
        (nobody.Status, nobody.Area).ShouldBe((CheckStatus.Failed, CheckArea.Other));
        nobody.Detail.ShouldStartWith("cannot be reached");
    }

    [Fact]
    public async Task A_long_answer_and_one_in_no_known_encoding_are_read_as_far_as_needed()
    {
        (await AnsweredAsync(401, new string('x', 1_000_000))).ShouldBe((CheckStatus.Failed, CheckArea.Key));
        (await AnsweredAsync(200, new string('x', 1_000_000))).ShouldBe((CheckStatus.Ok, CheckArea.Other));
        (await AnsweredAsync(200, "<html>Sign in to the guest network</html>", ("Content-Type", "text/html"))).ShouldBe((CheckStatus.Warning, CheckArea.Other));
    }

    [Theory]
    [InlineData("http://vendor.example.com")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("https://user:password@vendor.example.com")]
    [InlineData("vendor.example.com")]
    public async Task A_key_is_sent_to_no_address_without_https(string address)
    {
        var result = await LookAsync("Deepgram", "the-key", address);

        result.Status.ShouldBe(CheckStatus.Failed);
        result.Detail.ShouldBe("Vendors__Deepgram__BaseUrl is no https address");
    }

    [Fact]
    public async Task A_key_with_a_line_break_and_an_account_that_is_none_are_never_sent()
    {
        (await LookAsync("Deepgram", "the-key\n")).Detail.ShouldBe("Vendors__Deepgram__ApiKey has blanks or letters beyond ASCII");
        _environment["TWILIO_ACCOUNT_SID"] = "AC/../..";
        (await LookAsync("Twilio", "the-key", account: null)).Detail.ShouldStartWith("no account is named");
    }

    private async Task<(CheckStatus Status, CheckArea Area)> AnsweredAsync(int status, string body, params (string Name, string Value)[] headers)
    {
        _server.Instead = async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            foreach (var (name, value) in headers)
            {
                context.Response.Headers[name] = value;
            }

            await context.Response.WriteAsync(body);
        };
        var result = await LookAsync("Deepgram", "the-key");
        return (result.Status, result.Area);
    }

    private async Task<CheckResult> LookAsync(string vendor, string key, string? address = null, string? account = Account)
    {
        var url = new Uri(_server.Url);
        var settings = new EnvironmentSettings("dev") { VapiBaseUrl = url, TwilioBaseUrl = url };
        _environment[vendor switch { "Vapi" => "VAPI_API_KEY", "Twilio" => "TWILIO_AUTH_TOKEN", _ => $"Vendors__{vendor}__ApiKey" }] = key;
        _environment[$"Vendors__{vendor}__BaseUrl"] = address ?? _server.Url;
        using var probe = new Probe(TimeProvider.System);
        var check = new KeyChecks(probe, settings, account, _environment.GetValueOrDefault).All.Single(check => check.Name == vendor + " key");
        return await check.LookAsync(TimeSpan.FromSeconds(20), TimeProvider.System, CancellationToken.None);
    }
}
