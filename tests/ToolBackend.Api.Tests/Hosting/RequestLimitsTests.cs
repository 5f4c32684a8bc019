using System.Diagnostics;
using System.Net;
using System.Text;
using ToolBackend.Api.Hosting;

namespace ToolBackend.Api.Tests.Hosting;

/// <summary>Row B5: what a request of any size or shape costs, over the real socket. After each the host still answers.</summary>
public sealed class RequestLimitsTests(ApiFixture api) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private const int Max = RequestLimits.MaxBodyBytes;
    private const string Unknown = "{\"message\":{\"type\":\"something-new\",\"padding\":";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        using var alive = await api.Http.GetAsync("/readyz");
        alive.StatusCode.ShouldBe(HttpStatusCode.OK);
        api.Logs.Lines.ShouldNotContain(l => l.Exception != null, "no request may end in an unhandled exception");
    }

    [Fact]
    public async Task B5_one_byte_is_400() => (await PostAsync("x"u8.ToArray())).ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task B5_no_body_is_400() => (await PostAsync([])).ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task B5_exactly_5_MiB_is_read() => (await PostAsync(Padded(Max))).ShouldBe(HttpStatusCode.OK);

    [Fact]
    public async Task B5_5_MiB_and_one_byte_is_413() => (await PostRawAsync(Padded(Max + 1))).ShouldBe(413);

    [Fact]
    public async Task B5_a_string_of_10_MB_is_413() => (await PostRawAsync(Padded(10_000_000))).ShouldBe(413);

    [Fact]
    public async Task B5_100_MB_declared_is_413_at_once_without_its_body()
    {
        await using var raw = await RawHttp.ConnectAsync(api.Node.BaseAddress);
        var started = Stopwatch.GetTimestamp();
        await raw.SendAsync(RawHttp.WebhookHead("Content-Length: 100000000\r\n"));
        var answer = await raw.ReadHeadAsync();
        answer.Status.ShouldBe(413);
        answer.Text.ShouldContain("nosniff");
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task B5_an_endless_chunked_body_is_413_soon_after_5_MiB()
    {
        await using var raw = await RawHttp.ConnectAsync(api.Node.BaseAddress);
        await raw.SendAsync(RawHttp.WebhookHead("Transfer-Encoding: chunked\r\n"));
        var chunk = Encoding.Latin1.GetBytes("10000\r\n" + new string(' ', 0x10000) + "\r\n");
        var sent = 0L;
        while (!raw.HasAnswer && sent < 100 * 1024 * 1024 && await raw.TrySendAsync(chunk))
        {
            sent += chunk.Length;
        }

        (await raw.ReadHeadAsync()).Status.ShouldBe(413);
        sent.ShouldBeLessThan(50 * 1024 * 1024);
    }

    [Fact]
    public async Task B5_10000_headers_are_431() => (await HeadAsync(string.Concat(Enumerable.Range(0, 10_000).Select(i => $"X-H{i}: 1\r\n")))).ShouldBe(431);

    [Fact]
    public async Task B5_65_headers_are_431() => (await HeadAsync(string.Concat(Enumerable.Range(0, 65).Select(i => $"X-H{i}: 1\r\n")))).ShouldBe(431);

    [Fact]
    public async Task B5_a_header_line_of_32_kB_is_431() => (await HeadAsync($"X-Long: {new string('a', 32 * 1024)}\r\n")).ShouldBe(431);

    [Fact]
    public async Task B5_a_request_line_of_9_kB_is_414()
    {
        await using var raw = await RawHttp.ConnectAsync(api.Node.BaseAddress);
        await raw.TrySendAsync(Encoding.Latin1.GetBytes($"GET /{new string('a', 9 * 1024)} HTTP/1.1\r\nHost: test\r\n\r\n"));
        (await raw.ReadHeadAsync()).Status.ShouldBe(414);
    }

    [Fact]
    public async Task B5_bytes_that_are_not_HTTP_are_400()
    {
        await using var raw = await RawHttp.ConnectAsync(api.Node.BaseAddress);
        await raw.TrySendAsync(Encoding.Latin1.GetBytes("\u0016\u0003\u0001 not http\r\n\r\n"));
        (await raw.ReadHeadAsync()).Status.ShouldBe(400);
    }

    [Fact]
    public async Task B5_a_depth_of_10000_is_400()
    {
        var deep = $"{{\"message\":{{\"type\":\"tool-calls\",\"toolCallList\":{new string('[', 10_000)}{new string(']', 10_000)}}}}}";
        (await PostAsync(Encoding.UTF8.GetBytes(deep))).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task B5_invalid_UTF8_in_what_is_read_is_400() => (await PostAsync([.. "{\"message\":{\"type\":\""u8, 0xC3, 0x28, .. "\"}}"u8])).ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task B5_a_raw_NUL_is_400() => (await PostAsync([.. "{\"message\":{\"type\":\"tool-"u8, 0, .. "calls\"}}"u8])).ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task B5_an_escaped_NUL_in_an_argument_is_answered()
    {
        var reply = await api.PostToolCallAsync("track_shipment", "{\"trackingNumber\":\"TB\\u00001042\"}");
        reply.Status.ShouldBe(HttpStatusCode.OK);
        reply.Say.ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public async Task B5_a_byte_order_mark_is_400() => (await PostAsync([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Unknown + "\"\"}}")])).ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task B5_a_path_with_an_escaped_NUL_is_400()
    {
        using var answer = await api.Operator.GetAsync("/shipments/TB1042%00");
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private async Task<HttpStatusCode> PostAsync(byte[] body)
    {
        using var answer = await api.Node.PostWebhookAsync(body);
        return answer.StatusCode;
    }

    /// <summary>The host answers and closes without reading the rest, which HttpClient reports as a broken pipe and not as the answer.</summary>
    private async Task<int> PostRawAsync(byte[] body)
    {
        await using var raw = await RawHttp.ConnectAsync(api.Node.BaseAddress);
        await raw.SendAsync(RawHttp.WebhookHead($"Content-Length: {body.Length}\r\n"));
        await raw.TrySendAsync(body);
        return (await raw.ReadHeadAsync()).Status;
    }

    private async Task<int> HeadAsync(string headers)
    {
        await using var raw = await RawHttp.ConnectAsync(api.Node.BaseAddress);
        await raw.TrySendAsync(Encoding.Latin1.GetBytes(RawHttp.WebhookHead(headers)));
        return (await raw.ReadHeadAsync()).Status;
    }

    /// <summary>A message of a type that nobody knows, of exactly so many bytes.</summary>
    private static byte[] Padded(int bytes) => Encoding.ASCII.GetBytes(Unknown + "\"" + new string('a', bytes - Unknown.Length - 4) + "\"}}");
}
