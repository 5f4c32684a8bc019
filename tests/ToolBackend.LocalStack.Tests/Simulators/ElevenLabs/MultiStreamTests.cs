using System.Net.WebSockets;
using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Audio;
using ToolBackend.LocalStack.Simulators.ElevenLabs;
using ToolBackend.LocalStack.Simulators.Sockets;
using ToolBackend.LocalStack.Tests.Simulators.Sockets;

namespace ToolBackend.LocalStack.Tests.Simulators.ElevenLabs;

public sealed class MultiStreamTests : IAsyncLifetime
{
    private ElevenLabsSimulator _voice = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _voice = await ElevenLabsSimulator.StartAsync();

    public async ValueTask DisposeAsync() => await _voice.DisposeAsync();

    private static Task SayAsync(SocketClient client, string context, string text) =>
        client.SendAsync(new JsonObject { ["text"] = text, ["context_id"] = context }.ToJsonString());

    [Fact]
    public async Task Contexts_speak_their_own_words_at_the_same_time()
    {
        await using var client = await _voice.MultiAsync();
        await SayAsync(client, "one", "The first context says this. ");
        await SayAsync(client, "two", "The second one says that. ");
        foreach (var context in new[] { "one", "two" })
        {
            await client.SendAsync($$"""{"context_id":"{{context}}","flush":true}""");
            await client.SendAsync($$"""{"context_id":"{{context}}","close_context":true}""");
        }

        var messages = await client.UntilFinalAsync();
        messages.AddRange(await client.UntilFinalAsync());
        messages.Spoken("one").ShouldBe("The first context says this.");
        messages.Spoken("two").ShouldBe("The second one says that.");
        messages.FindIndex(message => message.Context() == "two").ShouldBeLessThan(messages.FindLastIndex(message => message.Context() == "one" && message["audio"] is not null));
    }

    [Fact]
    public async Task The_sixth_context_ends_the_socket()
    {
        await using var client = await _voice.MultiAsync();
        for (var i = 0; i < 6; i++)
        {
            await SayAsync(client, $"c{i}", " ");
        }

        var error = (await client.RestAsync()).ShouldHaveSingleItem();
        error["message"]!.GetValue<string>().ShouldBe(
            "Maximum simultaneous contexts per WebSocket connection exceeded (5). Please close an existing context before opening a new one.");
        error["error"]!.GetValue<string>().ShouldBe("max_active_conversations");
        error["code"]!.GetValue<int>().ShouldBe(1008);
        client.CloseStatus.ShouldBe(WebSocketCloseStatus.PolicyViolation);
    }

    [Fact]
    public async Task A_slot_is_free_only_when_the_final_has_come()
    {
        await using var client = await _voice.MultiAsync();
        for (var i = 0; i < 5; i++)
        {
            await SayAsync(client, $"c{i}", " ");
        }

        await client.SendAsync("""{"context_id":"c0","close_context":true}""");
        (await client.UntilFinalAsync()).ShouldHaveSingleItem().Context().ShouldBe("c0");
        var record = _voice.Connections.All[0];
        TimeProvider.System.GetElapsedTime(record.Received[^1].At, record.Sent[^1].At).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(95));
        await SayAsync(client, "c5", "Fine. ");
        await client.NextAsync(message => message.Context() == "c5" && message["audio"] is not null);
        await client.SendAsync("""{"context_id":"c1","close_context":true}""");
        await SayAsync(client, "c6", "Too early. ");
        await client.RestAsync();
        client.CloseStatus.ShouldBe(WebSocketCloseStatus.PolicyViolation);
    }

    [Fact]
    public async Task A_flush_to_a_final_context_opens_a_phantom()
    {
        await using var client = await _voice.MultiAsync();
        await SayAsync(client, "a", "Yes. ");
        await client.SendAsync("""{"context_id":"a","flush":true}""");
        await client.SendAsync("""{"context_id":"a","close_context":true}""");
        await client.UntilFinalAsync("a");
        await client.SendAsync("""{"context_id":"a","flush":true}""");
        for (var i = 0; i < 5; i++)
        {
            await SayAsync(client, $"c{i}", " ");
        }

        await client.RestAsync();
        client.CloseStatus.ShouldBe(WebSocketCloseStatus.PolicyViolation);
        _voice.Connections.All[0].Violations.ShouldContain(violation => violation.Contains("phantom", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_empty_text_keeps_a_context_and_does_not_close_it()
    {
        await using var client = await _voice.MultiAsync();
        await SayAsync(client, "a", " ");
        await SayAsync(client, "a", string.Empty);
        await client.SendAsync("""{"text":""}""");
        await SayAsync(client, "a", "Still here. ");
        (await client.NextAsync(message => message["audio"] is not null)).Context().ShouldBe("a");
    }

    [Fact]
    public async Task Closing_without_a_flush_stops_the_audio()
    {
        await using var client = await _voice.MultiAsync();
        await SayAsync(client, "a", "This is a long sentence of which the caller does not want to hear the end at all. ");
        await client.NextAsync(message => message["audio"] is not null);
        await client.SendAsync("""{"context_id":"a","close_context":true}""");
        var rest = await client.UntilFinalAsync("a");
        MuLaw.Duration(rest.Audio().Length).ShouldBeLessThan(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Close_socket_finishes_what_was_flushed()
    {
        await using var client = await _voice.MultiAsync();
        await SayAsync(client, "a", "Good bye");
        await client.SendAsync("""{"context_id":"a","flush":true}""");
        await client.SendAsync("""{"close_socket":true}""");
        (await client.RestAsync()).Spoken().ShouldBe("Good bye");
        client.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task Names_of_members_differ_from_connection_to_connection()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 4; i++)
        {
            await using var client = await _voice.MultiAsync();
            await SayAsync(client, "a", "Hi. ");
            await client.SendAsync("""{"context_id":"a","flush":true}""");
            await client.SendAsync("""{"context_id":"a","close_context":true}""");
            var messages = await client.UntilFinalAsync("a");
            messages.Spoken("a").ShouldBe("Hi.");
            names.UnionWith(messages.SelectMany(message => message.Select(member => member.Key)));
        }

        names.ShouldBe(["audio", "isFinal", "is_final", "alignment", "normalizedAlignment", "contextId", "context_id", "type"], ignoreOrder: true);
    }

    [Fact]
    public async Task Faults_hit_where_asked()
    {
        _voice.SocketFaults.Add(new SocketFault(SocketFaultKind.InvalidKey) { Times = 1 });
        await using var invalid = await _voice.MultiAsync();
        await SayAsync(invalid, "a", " ");
        (await invalid.RestAsync()).ShouldHaveSingleItem()["error"]!.GetValue<string>().ShouldBe("invalid_api_key");

        _voice.SocketFaults.Add(new SocketFault(SocketFaultKind.Close) { After = TimeSpan.FromMilliseconds(600), Times = 1 });
        await using var cut = await _voice.MultiAsync();
        await SayAsync(cut, "a", "This sentence is cut off in its middle by the fault. ");
        MuLaw.Duration((await cut.RestAsync()).Audio().Length).ShouldBe(TimeSpan.FromMilliseconds(600));
        cut.CloseStatus.ShouldBe(WebSocketCloseStatus.InternalServerError);

        _voice.SocketFaults.Add(new SocketFault(SocketFaultKind.SlowFirstByte) { For = TimeSpan.FromMilliseconds(300), Times = 1 });
        await using var slow = await _voice.MultiAsync();
        await SayAsync(slow, "a", "Late. ");
        var record = await _voice.Connections.OpenedAsync(3, Cancellation);
        var audio = await record.SentAsync("audio", cancellation: Cancellation);
        TimeProvider.System.GetElapsedTime(record.Received[0].At, audio.At).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(370));

        _voice.SocketFaults.Add(new SocketFault(SocketFaultKind.MissingFinal) { Times = 1 });
        _voice.SocketFaults.Add(new SocketFault(SocketFaultKind.EmptyAudio) { Times = 1 });
        await using var odd = await _voice.MultiAsync();
        await SayAsync(odd, "a", "Yes, please. ");
        await odd.SendAsync("""{"context_id":"a","flush":true}""");
        await odd.SendAsync("""{"context_id":"a","close_context":true}""");
        (await odd.NextAsync(message => message["audio"]?.GetValue<string>().Length == 0)).Context().ShouldBe("a");
        await SayAsync(odd, "b", "More. ");
        (await odd.NextAsync(message => message.Context() == "b" && message.Audio().Length > 0)).ShouldNotBeNull();
        (await _voice.Connections.OpenedAsync(4, Cancellation)).Sent.ShouldNotContain(message => message.Kind == "final");

        _voice.SocketFaults.Add(new SocketFault(SocketFaultKind.LateAudio) { Times = 1 });
        await using var stale = await _voice.MultiAsync();
        await SayAsync(stale, "a", " ");
        await stale.SendAsync("""{"context_id":"a","close_context":true}""");
        await stale.UntilFinalAsync("a");
        MuLaw.Duration((await stale.NextAsync()).Audio().Length).ShouldBe(TimeSpan.FromMilliseconds(200));
    }
}
