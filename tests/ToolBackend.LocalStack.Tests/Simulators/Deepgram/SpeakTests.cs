using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using ToolBackend.LocalStack.Simulators.Audio;
using ToolBackend.LocalStack.Simulators.Deepgram;
using ToolBackend.LocalStack.Simulators.Sockets;
using ToolBackend.LocalStack.Simulators.Voices;

namespace ToolBackend.LocalStack.Tests.Simulators.Deepgram;

public sealed class SpeakTests
{
    private const string Aura = "/v1/speak?model=aura-2-thalia-en";

    private static readonly DeepgramSimulatorOptions s_quick = new() { Timing = new DeepgramTiming { Voice = new VoiceTiming { FirstByte = TimeSpan.FromMilliseconds(20), Rate = 50 } } };

    private static string Spoken(byte[] audio) => string.Join(' ', new AudibleTextReader().Push([.. audio, .. AudibleText.Silence(TimeSpan.FromMilliseconds(200))]).Select(word => word.Text));

    [Fact]
    public async Task Sentences_are_spoken_as_they_end_and_the_rest_by_a_flush()
    {
        await using var deepgram = await DeepgramSimulator.StartAsync(s_quick);
        await using var client = await deepgram.ConnectAsync(Aura);
        (await client.NextAsync()).Type().ShouldBe("Metadata");
        await client.SendAsync("""{"type":"Speak","text":"Hello there. "}""");
        var connection = deepgram.Connections.All[0];
        await connection.SentAsync("audio", cancellation: TestContext.Current.CancellationToken);
        await client.SendAsync("""{"type":"Speak","text":"How can I"}""");
        await client.SendAsync("""{"type":"Speak","text":" help"}""");
        await client.SendAsync("""{"type":"Flush"}""");
        var flushed = await client.NextAsync();
        flushed.Type().ShouldBe("Flushed");
        flushed["sequence_id"]!.GetValue<int>().ShouldBe(0);
        Spoken(client.Audio).ShouldBe("Hello there. How can I help");
        connection.AudioSent.ShouldBe(client.Audio.Length);
    }

    [Fact]
    public async Task The_first_byte_comes_after_its_time_and_audio_faster_than_it_is_played()
    {
        await using var deepgram = await DeepgramSimulator.StartAsync();
        await using var client = await deepgram.ConnectAsync(Aura);
        await client.SendAsync("""{"type":"Speak","text":"This sentence takes about two and a half seconds."}""");
        await client.SendAsync("""{"type":"Flush"}""");
        await client.NextAsync(message => message.Type() == "Flushed");
        var connection = deepgram.Connections.All[0];
        var first = connection.Sent.First(message => message.Kind == "audio");
        var last = connection.Sent.Last(message => message.Kind == "audio");
        var time = TimeProvider.System;
        var played = TimeSpan.FromSeconds(2.5);
        time.GetElapsedTime(connection.Received[^1].At, first.At).ShouldBeInRange(TimeSpan.FromMilliseconds(148), played);
        time.GetElapsedTime(first.At, last.At).ShouldBeInRange(TimeSpan.FromMilliseconds(200), played);
    }

    [Fact]
    public async Task Clear_drops_what_is_left_after_what_was_on_its_way()
    {
        await using var deepgram = await DeepgramSimulator.StartAsync();
        await using var client = await deepgram.ConnectAsync(Aura);
        await client.SendAsync("""{"type":"Speak","text":"A long sentence of which only the beginning is ever going to be heard by anybody. "}""");
        await deepgram.Connections.All[0].SentAsync("audio", cancellation: TestContext.Current.CancellationToken);
        await client.SendAsync("""{"type":"Clear"}""");
        (await client.NextAsync(message => message.Type() != "Metadata")).Type().ShouldBe("Cleared");
        var heard = client.Audio.Length;
        heard.ShouldBeInRange(3200, 8000);
        await client.SendAsync("""{"type":"Close"}""");
        await client.RestAsync();
        client.Audio.Length.ShouldBe(heard);
        client.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task What_is_said_after_a_clear_does_not_wait_for_what_was_cleared()
    {
        await using var deepgram = await DeepgramSimulator.StartAsync(s_quick);
        deepgram.SocketFaults.Add(new SocketFault(SocketFaultKind.SlowFirstByte) { For = TimeSpan.FromMinutes(1) });
        await using var client = await deepgram.ConnectAsync(Aura);
        await client.SendAsync("""{"type":"Speak","text":"Never heard. "}""");
        await client.SendAsync("""{"type":"Clear"}""");
        await client.NextAsync(message => message.Type() == "Cleared");
        deepgram.SocketFaults.Clear();
        await client.SendAsync("""{"type":"Speak","text":"Heard at once."}""");
        await client.SendAsync("""{"type":"Flush"}""");
        await client.NextAsync(message => message.Type() == "Flushed");
        Spoken(client.Audio).ShouldBe("Heard at once.");
    }

    [Fact]
    public async Task More_than_twenty_flushes_in_a_minute_are_a_warning()
    {
        await using var deepgram = await DeepgramSimulator.StartAsync(s_quick);
        await using var client = await deepgram.ConnectAsync(Aura);
        for (var i = 0; i < 21; i++)
        {
            await client.SendAsync("""{"type":"Flush"}""");
        }

        await client.NextAsync(message => message.Type() == "Warning");
        deepgram.Connections.All[0].Violations.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Too_long_a_text_is_an_error_and_an_unknown_message_the_end()
    {
        await using var deepgram = await DeepgramSimulator.StartAsync(s_quick);
        await using var client = await deepgram.ConnectAsync(Aura);
        await client.SendAsync($$"""{"type":"Speak","text":"{{new string('x', 2001)}}"}""");
        await client.NextAsync(message => message.Type() == "Error");
        await client.SendAsync("""{"type":"Reset"}""");
        await client.RestAsync();
        client.CloseStatus.ShouldBe(WebSocketCloseStatus.PolicyViolation);
    }

    [Fact]
    public async Task A_post_is_answered_with_the_audio()
    {
        await using var deepgram = await DeepgramSimulator.StartAsync(s_quick);
        using var http = new HttpClient { DefaultRequestHeaders = { Authorization = new("Token", deepgram.ApiKey) } };
        var url = $"{deepgram.Url}{Aura}&{DeepgramRig.Phone}&container=none";
        using var answer = await http.PostAsJsonAsync(url, new { text = "Please hold the line." });
        Spoken(await answer.Content.ReadAsByteArrayAsync()).ShouldBe("Please hold the line.");
        using var refused = await http.PostAsJsonAsync(url, new { txt = "?" });
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }
}
