using System.Net.Http.Json;
using System.Net.WebSockets;
using ToolBackend.LocalStack.Simulators.Deepgram;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Sockets;
using ToolBackend.LocalStack.Tests.Simulators.Sockets;

namespace ToolBackend.LocalStack.Tests.Simulators.Deepgram;

public sealed class FaultsTests : IAsyncLifetime
{
    private const string Flux = "/v2/listen?model=flux-general-en&eager_eot_threshold=0.4";
    private const string Nova = "/v1/listen?model=nova-3&endpointing=100&punctuate=true";

    private DeepgramSimulator _deepgram = null!;

    public async ValueTask InitializeAsync() => _deepgram = await DeepgramSimulator.StartAsync();

    public async ValueTask DisposeAsync() => await _deepgram.DisposeAsync();

    [Theory]
    [InlineData(429)]
    [InlineData(401)]
    [InlineData(503)]
    public async Task An_upgrade_is_refused_as_often_as_asked(int status)
    {
        _deepgram.Faults.Add(new SimulatorFault(SimulatorFaultKind.Status) { Status = status, Times = 1 });
        var refused = await Should.ThrowAsync<RefusedUpgradeException>(() => _deepgram.ConnectAsync(Flux));
        refused.Status.ShouldBe(status);
        refused.Header("dg-error").ShouldNotBeEmpty();
        await using var next = await _deepgram.ConnectAsync(Flux);
        (await next.NextAsync()).Type().ShouldBe("Connected");
    }

    [Fact]
    public async Task A_refused_connection_has_no_status()
    {
        _deepgram.Faults.Add(new SimulatorFault(SimulatorFaultKind.Refuse) { Path = "/v2/listen" });
        (await Should.ThrowAsync<RefusedUpgradeException>(() => _deepgram.ConnectAsync(Flux))).Status.ShouldBe(0);
    }

    [Fact]
    public async Task A_silent_connection_takes_everything_and_says_nothing()
    {
        _deepgram.SocketFaults.Add(new SocketFault(SocketFaultKind.Silent) { Times = 1 });
        await using var silent = await _deepgram.ConnectAsync(Flux);
        await using var other = await _deepgram.ConnectAsync(Flux);
        await silent.SayAsync("Hello.");
        await silent.BeSilentAsync(300);
        await other.SayAsync("Hello.");
        await other.BeSilentAsync(300);
        await other.NextAsync(message => message.Event() == "EndOfTurn");
        await (await _deepgram.Connections.OpenedAsync(2, TestContext.Current.CancellationToken)).SentAsync("EndOfTurn", cancellation: TestContext.Current.CancellationToken);
        _deepgram.Connections.All[0].BytesReceived.ShouldBeGreaterThan(2400);
        _deepgram.Connections.All[0].Sent.ShouldBeEmpty();
        _deepgram.SocketFaults.Clear();
        await silent.BeSilentAsync(300);
        (await silent.NextAsync()).Event().ShouldBe("Update");
    }

    [Fact]
    public async Task An_open_connection_is_reset_in_the_middle_of_a_word()
    {
        await using var client = await _deepgram.ConnectAsync(Flux);
        await client.NextAsync();
        _deepgram.SocketFaults.Add(new SocketFault(SocketFaultKind.Reset) { After = TimeSpan.FromMilliseconds(200), Open = true, Times = 0 });
        try
        {
            await client.SayAsync("Unbelievable");
        }
        catch (WebSocketException)
        {
            // The reset came before all was sent.
        }

        await client.RestAsync();
        client.CloseStatus.ShouldBeNull();
        var connection = _deepgram.Connections.All[0];
        await connection.Closed.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        connection.BytesReceived.ShouldBe(1600);
        connection.CloseStatus.ShouldBeNull();
        await using var next = await _deepgram.ConnectAsync(Flux);
        await next.NextAsync();
    }

    [Fact]
    public async Task A_connection_is_closed_with_NET_0000_after_some_audio()
    {
        _deepgram.SocketFaults.Add(SocketFault.Net0000 with { After = TimeSpan.FromMilliseconds(500), Times = 1 });
        await using var client = await _deepgram.ConnectAsync(Nova);
        await client.BeSilentAsync(500);
        await client.RestAsync();
        client.CloseStatus.ShouldBe(WebSocketCloseStatus.InternalServerError);
        client.CloseReason!.ShouldContain("net0000");
    }

    [Fact]
    public async Task A_stalled_connection_catches_up()
    {
        await using var client = await _deepgram.ConnectAsync(Flux);
        await client.NextAsync();
        var said = TimeProvider.System.GetTimestamp();
        _deepgram.SocketFaults.Add(new SocketFault(SocketFaultKind.Stall) { For = TimeSpan.FromMilliseconds(300), Open = true, Times = 0 });
        await client.SayAsync("Hello.");
        await client.BeSilentAsync(300);
        var end = await client.NextAsync(message => message.Event() == "EndOfTurn");
        TimeProvider.System.GetElapsedTime(said).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(298));
        end["sequence_id"]!.GetValue<int>().ShouldBe(_deepgram.Connections.All[0].Sent.ToList().FindIndex(message => message.Kind == "EndOfTurn"));
    }

    [Fact]
    public async Task A_stall_ends_when_the_faults_are_cleared()
    {
        await using var client = await _deepgram.ConnectAsync(Flux);
        await client.NextAsync();
        _deepgram.SocketFaults.Add(new SocketFault(SocketFaultKind.Stall) { For = TimeSpan.FromMinutes(1), Open = true, Times = 0 });
        await client.SayAsync("Hello.");
        _deepgram.SocketFaults.Clear();
        (await client.NextAsync()).Event().ShouldBe("StartOfTurn");
    }

    [Fact]
    public async Task Garbage_and_empty_finals_come_where_asked()
    {
        using var http = new HttpClient();
        foreach (var kind in new[] { "garbage", "emptyFinals" })
        {
            using var answer = await http.PostAsJsonAsync($"{_deepgram.Url}/_sim/socket-faults", new { kind, path = "/v1", times = 1 });
            answer.EnsureSuccessStatusCode();
        }

        await using var client = await _deepgram.ConnectAsync(Nova);
        await client.SayAsync("Yes.");
        await client.BeSilentAsync(200);
        (await client.NextAsync()).Heard().ShouldBe("Yes.");
        (await client.NextAsync()).Heard().ShouldBeEmpty();
        (await client.NextAsync()).Is("speech_final").ShouldBeTrue();
        client.Garbage.ShouldHaveSingleItem();
        (await http.GetStringAsync($"{_deepgram.Url}/_sim/connections/1")).ShouldContain("\"kind\":\"garbage\"");
    }

    [Fact]
    public async Task Every_connection_can_have_its_own_timing()
    {
        await using var slow = await DeepgramSimulator.StartAsync(new()
        {
            TimingOf = connection => new DeepgramTiming { ProcessingDelay = TimeSpan.FromMilliseconds(connection.Number == 1 ? 1000 : 0) },
        });
        await using var late = await slow.ConnectAsync(Flux);
        await using var early = await slow.ConnectAsync(Flux);
        await early.NextAsync();
        await late.NextAsync();
        var records = slow.Connections.All;
        TimeProvider.System.GetElapsedTime(records[0].OpenedAt, records[0].Sent[0].At).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(995));
        TimeProvider.System.GetElapsedTime(records[1].OpenedAt, records[1].Sent[0].At).ShouldBeLessThan(TimeSpan.FromMilliseconds(900));
    }
}
