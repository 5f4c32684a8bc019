using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using ToolBackend.LocalStack.Processes;

namespace ToolBackend.Api.Tests.Hosting;

/// <summary>The timeline of <c>ApiLifetime</c>, on the real program as a process of its own.</summary>
public sealed partial class ApiLifetimeTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_stopping_host_serves_until_the_load_balancer_looks_away_and_then_exits_0()
    {
        await using var process = await StartAsync(graceSeconds: 2);
        using var http = await ReadyAsync(process);

        await SignalAsync(process, "TERM");
        await UntilNotReadyAsync(http);
        using (var tools = await http.GetAsync("/tools"))
        {
            tools.StatusCode.ShouldBe(HttpStatusCode.OK, "a new request during the grace is served");
        }

        (await process.Exit.WaitAsync(s_deadline)).ShouldBe(0);
        process.Log.Tail.ShouldContain("Drained: 0 requests and 0 writes left");
    }

    [Fact]
    public async Task A_request_under_way_is_answered_before_the_host_exits()
    {
        await using var process = await StartAsync(graceSeconds: 0);
        using var http = await ReadyAsync(process);
        await using var slow = await RawHttp.ConnectAsync(http.BaseAddress!);
        var body = """{"message":{"type":"status-update"}}""";
        await slow.SendAsync(RawHttp.WebhookHead($"Content-Length: {body.Length}\r\nExpect: 100-continue\r\n"));
        (await slow.ReadHeadAsync()).Status.ShouldBe(100);

        await SignalAsync(process, "TERM");
        await UntilNotReadyAsync(http);
        process.Exit.IsCompleted.ShouldBeFalse();
        await slow.SendAsync(body);
        (await slow.ReadHeadAsync()).Status.ShouldBe(200);
        (await process.Exit.WaitAsync(s_deadline)).ShouldBe(0);
    }

    [Fact]
    public async Task A_stream_ends_when_the_drain_begins_and_holds_up_nothing()
    {
        await using var process = await StartAsync(graceSeconds: 3);
        using var http = await ReadyAsync(process);
        await using var stream = await http.GetStreamAsync("/calls/stream");
        using var reader = new StreamReader(stream);
        (await reader.ReadLineAsync()).ShouldBe(": ");

        await SignalAsync(process, "TERM");
        await reader.ReadToEndAsync().WaitAsync(s_deadline);
        process.Exit.IsCompleted.ShouldBeFalse("the stream ends before the host does");
        using (var refused = await http.GetAsync("/calls/stream", HttpCompletionOption.ResponseHeadersRead))
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        }

        (await process.Exit.WaitAsync(s_deadline)).ShouldBe(0);
        process.Log.Tail.ShouldContain("Drained: 0 requests and 0 writes left");
    }

    [Fact]
    public async Task A_second_signal_ends_the_grace_at_once()
    {
        await using var process = await StartAsync(graceSeconds: 300);
        using var http = await ReadyAsync(process);
        await SignalAsync(process, "TERM");
        await UntilNotReadyAsync(http);

        var started = Stopwatch.GetTimestamp();
        await SignalAsync(process, "TERM"); // a shell's background job, as this one, is born deaf to INT
        (await process.Exit.WaitAsync(s_deadline)).ShouldBe(0);
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_host_that_refuses_to_start_exits_with_an_error_that_names_the_setting()
    {
        await using var process = await StartAsync(graceSeconds: 0, ("Vapi:Webhook:Secret", "too-short"));
        (await process.Exit.WaitAsync(s_deadline)).ShouldNotBe(0);
        process.Log.Tail.ShouldContain("Vapi:Webhook:Secret");
        process.Log.Tail.ShouldNotContain("too-short");
    }

    private Task<SupervisedProcess> StartAsync(int graceSeconds, params (string Name, string? Value)[] settings)
    {
        var all = settings.Append(("Host:ReadinessGraceSeconds", $"{graceSeconds}")).ToDictionary(s => s.Item1, s => s.Item2, StringComparer.Ordinal);
        all["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Information";
        return SupervisedProcess.StartAsync(new SupervisedProcessOptions
        {
            Name = "Api",
            CommandLine = [Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", Path.Combine(AppContext.BaseDirectory, "ToolBackend.Api.dll"), .. ApiNode.Arguments(api.AllSettings(all))],
            WorkingDirectory = AppContext.BaseDirectory,
        });
    }

    /// <summary>The kernel chose the port; the host's own log says which.</summary>
    private static async Task<HttpClient> ReadyAsync(SupervisedProcess process)
    {
        using var limit = new CancellationTokenSource(s_deadline);
        Match address;
        while (!(address = ListeningOn().Match(process.Log.Tail)).Success)
        {
            process.Exit.IsCompleted.ShouldBeFalse(process.Log.Tail);
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        }

        var http = new HttpClient { BaseAddress = new Uri(address.Value), Timeout = s_deadline };
        http.DefaultRequestHeaders.Add("Authorization", $"Bearer {ApiNode.OperatorKey}");
        while (await ReadinessAsync(http, limit.Token) is not HttpStatusCode.OK)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        }

        return http;
    }

    private static async Task UntilNotReadyAsync(HttpClient http)
    {
        using var limit = new CancellationTokenSource(s_deadline);
        while (await ReadinessAsync(http, limit.Token) is not HttpStatusCode.ServiceUnavailable)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), limit.Token);
        }
    }

    private static async Task<HttpStatusCode> ReadinessAsync(HttpClient http, CancellationToken cancellation)
    {
        using var answer = await http.GetAsync("/readyz", cancellation);
        return answer.StatusCode;
    }

    private static async Task SignalAsync(SupervisedProcess process, string signal)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -s {signal} {process.Pid}"]);
        await kill.WaitForExitAsync();
        kill.ExitCode.ShouldBe(0);
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ListeningOn();
}
