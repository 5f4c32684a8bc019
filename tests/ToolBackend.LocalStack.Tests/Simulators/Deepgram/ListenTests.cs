using System.Net.WebSockets;
using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Audio;
using ToolBackend.LocalStack.Simulators.Deepgram;
using ToolBackend.LocalStack.Tests.Simulators.Sockets;
using ToolBackend.Testing;

namespace ToolBackend.LocalStack.Tests.Simulators.Deepgram;

public sealed class ListenTests
{
    private const string Nova = "/v1/listen?model=nova-3&interim_results=true&endpointing=300&utterance_end_ms=1000&vad_events=true&smart_format=true";

    [Fact]
    public async Task An_utterance_is_told_in_interims_and_ended_by_its_silence()
    {
        await using var deepgram = await DeepgramSimulator.StartAsync();
        await using var client = await deepgram.ConnectAsync(Nova);
        await client.BeSilentAsync(500);
        await client.SayAsync("my card number is four two.");
        await client.BeSilentAsync(1200);
        await client.SendAsync("""{"type":"CloseStream"}""");
        var messages = await client.RestAsync();
        var results = messages.Where(message => message.Type() == "Results").ToList();
        results[0].Is("is_final").ShouldBeFalse();
        results[0].Heard().ShouldBe("My card");
        var end = results.Single(result => result.Is("speech_final"));
        end.Is("is_final").ShouldBeTrue();
        end.Heard().ShouldBe("My card number is four two.");
        end["start"]!.GetValue<double>().ShouldBe(0);
        var words = end["channel"]!["alternatives"]![0]!["words"]!.AsArray();
        words[0]!["start"]!.GetValue<double>().ShouldBe(0.5);
        words[5]!["word"]!.GetValue<string>().ShouldBe("two");
        words[5]!["punctuated_word"]!.GetValue<string>().ShouldBe("two.");
        var silence = end["duration"]!.GetValue<double>() - words[5]!["end"]!.GetValue<double>();
        silence.ShouldBe(0.3, 0.021);
        messages.Single(message => message.Type() == "SpeechStarted")["timestamp"]!.GetValue<double>().ShouldBe(0.5);
        messages.Single(message => message.Type() == "UtteranceEnd")["last_word_end"]!.GetValue<double>().ShouldBe(words[5]!["end"]!.GetValue<double>());
        messages[^1].Type().ShouldBe("Metadata");
        client.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task A_long_utterance_has_several_finals_that_join_to_the_whole()
    {
        const string Text = "I would like to move my appointment from Tuesday morning to some time next week, if there is anything left in the afternoon.";
        await using var deepgram = await DeepgramSimulator.StartAsync();
        await using var client = await deepgram.ConnectAsync(Nova);
        await client.SayAsync(Text);
        await client.BeSilentAsync(400);
        var finals = new List<JsonObject>();
        do
        {
            finals.Add(await client.NextAsync(message => message.Is("is_final")));
        }
        while (!finals[^1].Is("speech_final"));

        finals.Count.ShouldBe(3);
        string.Join(' ', finals.Select(final => final.Heard())).ShouldBe(Text);
        finals.Zip(finals.Skip(1), (one, next) => next["start"]!.GetValue<double>() - one["start"]!.GetValue<double>() - one["duration"]!.GetValue<double>())
            .ShouldAllBe(gap => Math.Abs(gap) < 1e-6);
    }

    [Fact]
    public async Task Plain_transcripts_have_no_punctuation()
    {
        await using var deepgram = await DeepgramSimulator.StartAsync();
        await using var client = await deepgram.ConnectAsync("/v1/listen?model=nova-3&endpointing=100");
        await client.SayAsync("Yes, it's K. R. 7!");
        await client.BeSilentAsync(200);
        (await client.NextAsync()).Heard().ShouldBe("yes it's k r 7");
    }

    [Fact]
    public async Task Finalize_tells_what_is_buffered_and_is_silent_when_nothing_is()
    {
        await using var deepgram = await DeepgramSimulator.StartAsync();
        await using var client = await deepgram.ConnectAsync(Nova);
        await client.SendAsync("""{"type":"Finalize"}""");
        await client.SendAudioAsync(AudibleText.Encode("Good morning")[..^800]);
        await client.SendAsync("""{"type":"Finalize"}""");
        var final = await client.NextAsync(message => message.Is("is_final"));
        final.Heard().ShouldBe("Good morning");
        final.Is("from_finalize").ShouldBeTrue();
        await client.BeSilentAsync(400);
        (await client.NextAsync(message => message.Is("speech_final"))).Heard().ShouldBeEmpty();
        deepgram.Connections.All[0].Turns().ShouldBe(["SpeechStarted", "from_finalize", "speech_final"]);
    }

    [Fact]
    public async Task Silence_alone_makes_empty_finals()
    {
        await using var deepgram = await DeepgramSimulator.StartAsync();
        await using var client = await deepgram.ConnectAsync(Nova);
        await client.BeSilentAsync(4000, 800);
        (await client.NextAsync(message => message.Is("is_final"))).Heard().ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_audio_it_is_closed_after_ten_seconds_whatever_keep_alives_come()
    {
        var clock = new ManualClock();
        await using var deepgram = await DeepgramSimulator.StartAsync(new() { Time = clock });
        await using var client = await deepgram.ConnectAsync(Nova);
        var connection = await deepgram.Connections.OpenedAsync();
        await client.SendAsync("""{"type":"KeepAlive"}""");
        await Eventually.IsTrueAsync(() => Task.FromResult(connection.Received.Count == 1), TimeSpan.FromSeconds(5), "the KeepAlive did not arrive");
        clock.Advance(TimeSpan.FromSeconds(10));
        await Eventually.IsTrueAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(100));
                return Task.FromResult(connection.CloseStatus is not null);
            },
            TimeSpan.FromSeconds(5),
            "it was not closed");
        (await client.RestAsync()).ShouldHaveSingleItem().Type().ShouldBe("Metadata");
        client.CloseStatus.ShouldBe(WebSocketCloseStatus.InternalServerError);
        client.CloseReason.ShouldBe("Deepgram did not receive audio data or a text message within the timeout window. See https://dpgr.am/net0001");
    }

    [Fact]
    public async Task A_binary_message_without_bytes_ends_the_stream()
    {
        await using var deepgram = await DeepgramSimulator.StartAsync();
        await using var client = await deepgram.ConnectAsync(Nova);
        await client.SendBinaryAsync([]);
        (await client.RestAsync()).ShouldHaveSingleItem().Type().ShouldBe("Metadata");
        deepgram.Connections.All[0].Violations.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("model=nova-9000", 403)]
    [InlineData("model=nova-3&utterance_end_ms=1000", 400)]
    [InlineData("model=nova-3&interim_results=yes", 400)]
    [InlineData("model=nova-3&keywords=Acme:2", 400)]
    [InlineData("model=nova-3&eot_threshold=0.7", 400)]
    public async Task What_nova_does_not_take_is_refused_at_the_upgrade(string query, int status)
    {
        await using var deepgram = await DeepgramSimulator.StartAsync();
        (await Should.ThrowAsync<RefusedUpgradeException>(() => deepgram.ConnectAsync("/v1/listen?" + query))).Status.ShouldBe(status);
    }

    [Fact]
    public async Task Only_the_scheme_Token_is_known()
    {
        await using var deepgram = await DeepgramSimulator.StartAsync();
        var url = $"{deepgram.Url}{Nova}&{DeepgramRig.Phone}";
        (await Should.ThrowAsync<RefusedUpgradeException>(() => SocketClient.ConnectAsync(url, ("Authorization", "Bearer " + deepgram.ApiKey)))).Status.ShouldBe(401);
        (await Should.ThrowAsync<RefusedUpgradeException>(() => SocketClient.ConnectAsync(url))).Status.ShouldBe(401);
    }
}
