using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using ToolBackend.Testing;
using ToolBackend.Vapi.Control;

namespace ToolBackend.Vapi.Tests.Control;

public sealed class LiveControlTests(NoOutsideDialing dialing) : IClassFixture<NoOutsideDialing>, IAsyncLifetime
{
    private static readonly ControlCommand s_command = new("end-call", """{"type":"end-call"}"""u8.ToArray());

    private ControlServer _server = null!;
    private int _lookups;
    private Func<HttpContext, Task> _answer = _ => Task.CompletedTask;

    public async ValueTask InitializeAsync() => _server = await ControlServer.StartAsync(http => _answer(http));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    public static TheoryData<string> S10Urls =>
    [
        // Other schemes, and none.
        "", "control", "/control", "//vapi.ai/x", "http://phone.vapi.ai/x/control", "ftp://phone.vapi.ai/x", "file:///etc/passwd", "gopher://phone.vapi.ai:70/", "ws://phone.vapi.ai/x", "javascript:alert(1)",
        // Hosts of others.
        "https://example.com/x", "https://evilvapi.ai/x", "https://vapi.ai.example.com/x", "https://vapi.example/x", "https://vapi.aiX/x", "https://v\u0430pi.ai/x", "https://phone.vapi.ai./x",
        // Addresses instead of names, in every spelling, at a port where somebody listens.
        "https://169.254.169.254/latest/meta-data/", "https://[fd00:ec2::254]/latest/", "https://metadata.google.internal/x", "https://127.0.0.1:PORT/x", "http://127.0.0.1:PORT/x", "https://localhost:PORT/x", "http://localhost:PORT/x",
        "https://[::1]:PORT/x", "https://[::ffff:127.0.0.1]:PORT/x", "https://[::ffff:a9fe:a9fe]/x", "https://2130706433:PORT/x", "https://0x7f000001:PORT/x", "https://0x7f.1:PORT/x", "https://0177.0.0.1:PORT/x",
        "https://127.1:PORT/x", "https://0:PORT/x", "https://0.0.0.0:PORT/x", "https://[::]:PORT/x", "https://10.0.0.1/x", "https://192.168.1.1/x", "https://8.8.8.8/x",
        // Users, ports, and what parsers disagree about.
        "https://phone.vapi.ai@127.0.0.1:PORT/x", "https://user:pw@phone.vapi.ai/x", "https://phone.vapi.ai:8443/x", "https://phone.vapi.ai:PORT/x", "https://127.0.0.1:PORT\\@phone.vapi.ai/x",
        "https://phone.vapi.ai\\@127.0.0.1:PORT/x", "https://127.0.0.1:PORT#@phone.vapi.ai/", "https://127.0.0.1:PORT?.vapi.ai/", "https://127.0.0.1:PORT%2F.vapi.ai/x", "https://phone.vapi.ai%00.example.com/x",
        "https://phone.vapi.ai\r\nHost: example.com/x", " https://phone.vapi.ai/x", "https://phone.vapi.ai/\tx", "https:phone.vapi.ai/x", "https:///phone.vapi.ai/x",
    ];

    [Theory]
    [MemberData(nameof(S10Urls))]
    public async Task S10_an_address_that_may_not_be_called_is_neither_looked_up_nor_connected_to(string url)
    {
        using var control = Control(new LiveControlOptions(), IPAddress.Loopback);
        (await SendAsync(control, url.Replace("PORT", $"{_server.Port}", StringComparison.Ordinal))).Result.ShouldBe(ControlResult.AddressRefused);
        ShouldHaveLeftAlone(lookups: 0);
    }

    [Fact]
    public async Task S10_an_address_longer_than_any_is_refused()
    {
        using var control = Control(new LiveControlOptions(), IPAddress.Loopback);
        (await SendAsync(control, "https://phone.vapi.ai/" + new string('x', 3000))).Result.ShouldBe(ControlResult.AddressRefused);
        ShouldHaveLeftAlone(lookups: 0);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("10.1.2.3")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("fd00:ec2::254")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("8.8.8.8", "127.0.0.1")]
    [InlineData("127.0.0.1", "8.8.8.8")]
    [InlineData("2600:1f14::1", "fe80::1")]
    public async Task S10_a_good_name_that_leads_to_a_private_address_is_looked_up_once_and_not_connected_to(params string[] addresses)
    {
        using var control = Control(new LiveControlOptions { AllowLoopback = true }, [.. addresses.Select(IPAddress.Parse)]);
        (await SendAsync(control, "https://phone-call-websocket.aws-us-west-2-backend-production1.vapi.ai/abc/control")).Result.ShouldBe(ControlResult.AddressRefused);
        ShouldHaveLeftAlone(lookups: 1);
    }

    [Fact]
    public async Task S10_a_name_of_this_machine_that_leads_elsewhere_is_not_followed()
    {
        using var control = Control(new LiveControlOptions { AllowLoopback = true }, IPAddress.Parse("169.254.169.254"));
        (await SendAsync(control, "http://localhost/x")).Result.ShouldBe(ControlResult.AddressRefused);
        ShouldHaveLeftAlone(lookups: 1);
    }

    [Fact]
    public async Task S10_a_redirect_is_an_answer_and_not_followed()
    {
        await using var other = await ControlServer.StartAsync(_ => Task.CompletedTask);
        foreach (var status in (int[])[301, 302, 303, 307, 308])
        {
            _answer = http =>
            {
                http.Response.StatusCode = status;
                http.Response.Headers.Location = other.Url;
                return Task.CompletedTask;
            };
            using var control = Control(new LiveControlOptions { AllowLoopback = true });
            (await SendAsync(control, _server.Url)).ShouldBe(new ControlOutcome(ControlResult.Refused, status));
        }

        other.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task What_was_looked_up_is_what_is_connected_to()
    {
        using var control = Control(new LiveControlOptions { AllowLoopback = true }, IPAddress.Loopback);
        (await SendAsync(control, $"http://localhost:{_server.Port}/x")).Result.ShouldBe(ControlResult.Taken);
        _lookups.ShouldBe(1);
        _server.Connections.ShouldBe(1);
    }

    [Theory]
    [InlineData("https://vapi.ai/x")]
    [InlineData("https://PHONE.Vapi.AI/x?y=1")]
    [InlineData("https://aws-us-west-2-production1-phone-call-websocket.vapi.ai/7420f27a-30fd-4f49-a995-5549ae7cc00d/control")]
    [InlineData("https://calls.example.org/x")]
    [InlineData("https://a.calls.example.org/x")]
    public void Hosts_of_Vapi_and_configured_ones_may_be_called(string url) =>
        ControlAddress.TryParse(url, new LiveControlOptions { Hosts = ["calls.example.org"] }, out _).ShouldBeTrue();

    [Theory]
    [InlineData("https://calls.example.com")]
    [InlineData("127.0.0.1")]
    [InlineData("ai")]
    [InlineData(".vapi.ai")]
    [InlineData("*.vapi.ai")]
    [InlineData("vapi.ai:443")]
    [InlineData("")]
    public void A_configured_host_that_is_no_name_stops_the_start(string host) =>
        new ControlHostsAreNames().Validate(null, new LiveControlOptions { Hosts = [host] }).Failed.ShouldBeTrue();

    [Fact]
    public async Task The_command_arrives_as_it_is_with_the_public_key_when_there_is_one()
    {
        using var control = Control(new LiveControlOptions { AllowLoopback = true, PublicKey = "public-key-1" });
        (await SendAsync(control, _server.Url)).ShouldBe(new ControlOutcome(ControlResult.Taken, 200));
        var (body, headers) = _server.Requests.ShouldHaveSingleItem();
        body.ShouldBe("""{"type":"end-call"}""");
        headers.ContentType.ToString().ShouldBe("application/json");
        headers.Authorization.ToString().ShouldBe("Bearer public-key-1");
        headers.TraceParent.ShouldBeEmpty();

        using var keyless = Control(new LiveControlOptions { AllowLoopback = true });
        await SendAsync(keyless, _server.Url);
        _server.Requests[1].Headers.Authorization.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(503)]
    public async Task An_answer_that_is_no_success_is_told(int status)
    {
        _answer = http =>
        {
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        };
        using var control = Control(new LiveControlOptions { AllowLoopback = true });
        (await SendAsync(control, _server.Url)).ShouldBe(new ControlOutcome(ControlResult.Refused, status));
    }

    [Fact]
    public async Task No_answer_in_time_is_told_and_does_not_keep_the_operator()
    {
        _answer = http => Task.Delay(Timeout.Infinite, http.RequestAborted);
        using var control = Control(new LiveControlOptions { AllowLoopback = true, TimeoutMilliseconds = 100 });
        (await SendAsync(control, _server.Url).WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe(new ControlOutcome(ControlResult.NoAnswer));
    }

    [Fact]
    public async Task An_answer_without_an_end_is_not_read()
    {
        _answer = async http =>
        {
            var chunk = new byte[64 * 1024];
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.Body.WriteAsync(chunk, http.RequestAborted);
            }
        };
        using var control = Control(new LiveControlOptions { AllowLoopback = true, TimeoutMilliseconds = 30_000 });
        (await SendAsync(control, _server.Url).WaitAsync(TimeSpan.FromSeconds(30))).Result.ShouldBe(ControlResult.Taken);
    }

    [Fact]
    public async Task Where_nobody_listens_it_is_told()
    {
        await _server.DisposeAsync();
        using var control = Control(new LiveControlOptions { AllowLoopback = true });
        (await SendAsync(control, _server.Url)).Result.ShouldBe(ControlResult.Unreachable);
        using var nameless = Control(new LiveControlOptions());
        (await SendAsync(nameless, "https://phone.vapi.ai/x")).Result.ShouldBe(ControlResult.Unreachable);
    }

    private static Task<ControlOutcome> SendAsync(LiveControl control, string url) => control.SendAsync(url, s_command, CancellationToken.None);

    private LiveControl Control(LiveControlOptions options, params IPAddress[] addresses) => new(Options.Create(options), TimeProvider.System, (_, _) =>
    {
        Interlocked.Increment(ref _lookups);
        return Task.FromResult(addresses);
    });

    private void ShouldHaveLeftAlone(int lookups)
    {
        _lookups.ShouldBe(lookups);
        _server.Connections.ShouldBe(0);
        dialing.Dialled.ShouldBeEmpty();
    }
}
