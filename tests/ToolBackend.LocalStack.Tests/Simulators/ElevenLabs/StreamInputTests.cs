using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using ToolBackend.LocalStack.Simulators.Audio;
using ToolBackend.LocalStack.Simulators.ElevenLabs;
using ToolBackend.LocalStack.Simulators.Voices;
using ToolBackend.LocalStack.Tests.Simulators.Sockets;
using ToolBackend.Testing;

namespace ToolBackend.LocalStack.Tests.Simulators.ElevenLabs;

public sealed class StreamInputTests : IAsyncLifetime
{
    private ElevenLabsSimulator _voice = null!;

    public async ValueTask InitializeAsync() => _voice = await ElevenLabsSimulator.StartAsync(new() { Voices = ["voice1"] });

    public async ValueTask DisposeAsync() => await _voice.DisposeAsync();

    [Fact]
    public async Task The_words_that_were_given_are_spoken_and_an_empty_text_ends_the_stream()
    {
        await using var client = await _voice.StreamAsync();
        await client.SendAsync("""{"text":" ","voice_settings":{"stability":0.5}}""");
        await client.SendAsync("""{"text":"Your appointment is booked. "}""");
        await client.SendAsync("""{"text":"See you"}""");
        await client.SendAsync("""{"text":" soon"}""");
        await client.SendAsync("""{"text":""}""");
        var messages = await client.RestAsync();
        messages.Spoken().ShouldBe("Your appointment is booked. See you soon");
        messages[^1].IsFinal().ShouldBeTrue();
        messages[^1]["audio"].ShouldBeNull();
        client.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);
        _voice.Connections.All[0].Characters.ShouldBeInRange(39, 42);
        MuLaw.Duration(messages.Audio().Length).TotalMilliseconds.ShouldBe(41 * 65, 40);
    }

    [Fact]
    public async Task Speech_that_was_given_is_what_is_heard_and_carries_the_words()
    {
        var timing = new VoiceTiming { Speech = text => [.. Enumerable.Range(0, text.Length * 400).Select(i => (short)(i % 2 == 0 ? 9000 : -9000))] };
        await using var simulator = await ElevenLabsSimulator.StartAsync(new() { Voices = ["voice1"], Timing = timing });
        await using var client = await simulator.StreamAsync();
        await client.SendAsync("""{"text":"Your appointment is booked. "}""");
        await client.SendAsync("""{"text":""}""");
        var messages = await client.RestAsync();
        messages.Spoken().ShouldBe("Your appointment is booked.");
        MuLaw.Duration(messages.Audio().Length).TotalMilliseconds.ShouldBe(28 * 50, 80);
        Math.Abs((int)MuLaw.Decode(messages.Audio()[4000])).ShouldBeInRange(8000, 10_000);
    }

    [Fact]
    public async Task The_first_byte_comes_75_ms_after_the_text_that_triggers_it()
    {
        await using var client = await _voice.StreamAsync();
        await client.SendAsync("""{"text":" "}""");
        await client.SendAsync("""{"text":"Hello. "}""");
        var connection = _voice.Connections.All[0];
        var audio = await connection.SentAsync("audio", cancellation: TestContext.Current.CancellationToken);
        TimeProvider.System.GetElapsedTime(connection.Received[1].At, audio.At).TotalMilliseconds.ShouldBeInRange(73.5, 120);
    }

    [Fact]
    public async Task Without_auto_mode_text_waits_for_its_schedule_or_a_flush()
    {
        await using var client = await _voice.StreamAsync("auto_mode=false");
        await client.SendAsync("""{"text":" ","generation_config":{"chunk_length_schedule":[50]}}""");
        await client.SendAsync("""{"text":"A short sentence. "}""");
        await client.SendAsync("""{"text":"And then another one that is longer. "}""");
        var connection = _voice.Connections.All[0];
        await connection.SentAsync("audio", cancellation: TestContext.Current.CancellationToken);
        var triggered = connection.Received[2].At;
        connection.Sent[0].At.ShouldBeGreaterThan(triggered);
        await client.SendAsync("""{"text":"The end.","flush":true}""");
        await client.SendAsync("""{"text":""}""");
        (await client.RestAsync()).Spoken().ShouldBe("A short sentence. And then another one that is longer. The end.");
    }

    [Fact]
    public async Task Alignment_counts_from_the_beginning_of_its_chunk()
    {
        await using var client = await _voice.StreamAsync("auto_mode=true&sync_alignment=true");
        await client.SendAsync("""{"text":" "}""");
        await client.SendAsync("""{"text":"Nine o'clock, then. "}""");
        await client.SendAsync("""{"text":""}""");
        var chunks = (await client.RestAsync()).Where(message => message["audio"] is not null).ToList();
        chunks.Count.ShouldBeGreaterThan(4);
        chunks.ShouldAllBe(chunk => chunk["alignment"]!["charStartTimesMs"]!.AsArray().All(start => start!.GetValue<int>() >= 0 && start.GetValue<int>() < 200));
        string.Concat(chunks.SelectMany(chunk => chunk["alignment"]!["chars"]!.AsArray()).Select(letter => letter!.GetValue<string>())).ShouldBe("Nine o'clock, then. ");
    }

    [Theory]
    [InlineData("model_id=eleven_v3&output_format=ulaw_8000")]
    [InlineData("model_id=eleven_flash_v2_5")]
    [InlineData("model_id=eleven_flash_v2_5&output_format=mp3_44100_128")]
    public async Task What_the_simulator_cannot_speak_is_refused_at_the_upgrade(string query)
    {
        var url = $"{_voice.Url}/v1/text-to-speech/voice1/stream-input?{query}";
        (await Should.ThrowAsync<RefusedUpgradeException>(() => SocketClient.ConnectAsync(url, ("xi-api-key", _voice.ApiKey)))).Status.ShouldBe(400);
    }

    [Theory]
    [InlineData("voice1", "wrong", "invalid_api_key")]
    [InlineData("voice2", null, "voice_id_does_not_exist")]
    public async Task A_wrong_key_or_voice_is_told_after_the_upgrade(string voice, string? key, string error)
    {
        await using var client = await SocketClient.ConnectAsync(
            $"{_voice.Url}/v1/text-to-speech/{voice}/stream-input{ElevenLabsRig.Query}", ("xi-api-key", key ?? _voice.ApiKey));
        await client.SendAsync("""{"text":" "}""");
        (await client.RestAsync()).ShouldHaveSingleItem()["error"]!.GetValue<string>().ShouldBe(error);
        client.CloseStatus.ShouldBe(WebSocketCloseStatus.PolicyViolation);
    }

    [Fact]
    public async Task Voice_settings_must_not_change()
    {
        await using var client = await _voice.StreamAsync();
        await client.SendAsync("""{"text":" ","voice_settings":{"stability":0.5}}""");
        await client.SendAsync("""{"text":"Same. ","voice_settings":{"stability":0.5}}""");
        await client.SendAsync("""{"text":"Other. ","voice_settings":{"stability":0.6}}""");
        var error = await client.NextAsync(message => message["error"] is not null);
        error["message"]!.GetValue<string>().ShouldBe("voice_settings field must be provided in the first message and then either be not provided or not change.");
        await client.RestAsync();
        client.CloseStatus.ShouldBe(WebSocketCloseStatus.PolicyViolation);
    }

    [Fact]
    public async Task Without_text_the_stream_ends_after_its_timeout()
    {
        var clock = new ManualClock();
        await using var voice = await ElevenLabsSimulator.StartAsync(new() { Time = clock });
        await using var client = await voice.StreamAsync();
        await client.SendAsync("""{"text":" "}""");
        var connection = voice.Connections.All[0];
        await Eventually.IsTrueAsync(() => Task.FromResult(connection.Received.Count == 1), TimeSpan.FromSeconds(5), "the text did not arrive");
        clock.Advance(TimeSpan.FromSeconds(20));
        await Eventually.IsTrueAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(100));
                return Task.FromResult(connection.CloseStatus is not null);
            },
            TimeSpan.FromSeconds(5),
            "it did not end");
        (await client.RestAsync()).ShouldHaveSingleItem()["message"]!.GetValue<string>()
            .ShouldBe("Have not received a new text input within the timeout of 20 seconds. Streaming input terminated.");
    }

    [Fact]
    public async Task A_post_is_answered_with_the_audio_or_an_error()
    {
        using var http = new HttpClient { BaseAddress = new Uri(_voice.Url) };
        const string Path = "/v1/text-to-speech/voice1/stream?output_format=ulaw_8000";
        using var denied = await http.PostAsJsonAsync(Path, new { text = "Hello." });
        denied.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await denied.Content.ReadAsStringAsync()).ShouldBe("""{"detail":{"status":"invalid_api_key","message":"Invalid API key"}}""");
        http.DefaultRequestHeaders.Add("xi-api-key", _voice.ApiKey);
        using var answer = await http.PostAsJsonAsync(Path, new { text = "Please hold." });
        new AudibleTextReader().Push(await answer.Content.ReadAsByteArrayAsync()).Select(word => word.Text).ShouldBe(["Please", "hold."]);
        answer.Headers.GetValues("character-cost").ShouldBe(["12"]);
        using var invalid = await http.PostAsJsonAsync(Path, new { txt = "?" });
        invalid.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await http.GetStringAsync("/v1/models")).ShouldContain("eleven_flash_v2_5");
    }
}
