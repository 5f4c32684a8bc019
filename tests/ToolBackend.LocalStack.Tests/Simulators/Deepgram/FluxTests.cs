using System.Net.WebSockets;
using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Deepgram;
using ToolBackend.LocalStack.Tests.Simulators.Sockets;

namespace ToolBackend.LocalStack.Tests.Simulators.Deepgram;

public sealed class FluxTests
{
    private const string Eager = "/v2/listen?model=flux-general-en&eager_eot_threshold=0.4";

    private static async Task<List<JsonObject>> UntilAsync(SocketClient client, string last)
    {
        var messages = new List<JsonObject>();
        do
        {
            messages.Add(await client.NextAsync());
        }
        while (messages[^1].Event() != last);

        return messages;
    }

    private static IEnumerable<string> Events(IEnumerable<JsonObject> messages) => messages.Select(message => message.Event()).Where(name => name != "Update");

    [Fact]
    public async Task A_turn_starts_ends_eagerly_and_ends_with_the_same_words()
    {
        await using var deepgram = await DeepgramSimulator.StartAsync();
        await using var client = await deepgram.ConnectAsync(Eager);
        await client.BeSilentAsync(600);
        await client.SayAsync("i need to cancel my appointment.");
        await client.BeSilentAsync(300);
        var messages = await UntilAsync(client, "EndOfTurn");
        Events(messages).ShouldBe(["Connected", "StartOfTurn", "EagerEndOfTurn", "EndOfTurn"]);
        messages.Select((message, i) => message["sequence_id"]!.GetValue<int>() == i).ShouldAllBe(inOrder => inOrder);
        var (eager, end) = (messages[^2], messages[^1]);
        end.Heard().ShouldBe("I need to cancel my appointment.");
        eager.Heard().ShouldBe(end.Heard());
        end["turn_index"]!.GetValue<int>().ShouldBe(0);
        end["trigger"]!.GetValue<string>().ShouldBe("model");
        end["end_of_turn_confidence"]!.GetValue<double>().ShouldBeGreaterThanOrEqualTo(0.7);
        messages[1].Heard().ShouldBeEmpty();
        messages.Count(message => message.Event() == "Update").ShouldBeInRange(8, 12);
        var spoken = eager["audio_window_end"]!.GetValue<double>();
        (end["audio_window_end"]!.GetValue<double>() - spoken).ShouldBe(0.16, 0.021);
        await client.BeSilentAsync(260);
        (await client.NextAsync())["turn_index"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task Who_goes_on_after_an_eager_end_resumes_the_turn()
    {
        await using var deepgram = await DeepgramSimulator.StartAsync();
        await using var client = await deepgram.ConnectAsync(Eager);
        await client.SayAsync("Tomorrow");
        await client.BeSilentAsync(160);
        await client.SayAsync("at nine?");
        await client.BeSilentAsync(300);
        var messages = await UntilAsync(client, "EndOfTurn");
        Events(messages).ShouldBe(["Connected", "StartOfTurn", "EagerEndOfTurn", "TurnResumed", "EagerEndOfTurn", "EndOfTurn"]);
        messages.Single(message => message.Event() == "TurnResumed").Heard().ShouldBe("Tomorrow at");
        messages[^1].Heard().ShouldBe("Tomorrow at nine?");
    }

    [Fact]
    public async Task Without_an_eager_threshold_there_are_no_eager_events()
    {
        await using var deepgram = await DeepgramSimulator.StartAsync();
        await using var client = await deepgram.ConnectAsync("/v2/listen?model=flux-general-en");
        await client.SayAsync("Hello.");
        await client.BeSilentAsync(300, 640);
        Events(await UntilAsync(client, "EndOfTurn")).ShouldBe(["Connected", "StartOfTurn", "EndOfTurn"]);
    }

    [Fact]
    public async Task An_unsure_turn_ends_by_the_timeout_of_received_silence()
    {
        await using var deepgram = await DeepgramSimulator.StartAsync(new() { Confidence = text => text.EndsWith("and", StringComparison.Ordinal) ? 0.35 : 0.9 });
        await using var client = await deepgram.ConnectAsync(Eager + "&eot_timeout_ms=1000");
        await client.SayAsync("Monday and");
        await client.BeSilentAsync(1000);
        var messages = await UntilAsync(client, "EndOfTurn");
        Events(messages).ShouldBe(["Connected", "StartOfTurn", "EndOfTurn"]);
        messages[^1]["trigger"]!.GetValue<string>().ShouldBe("timeout");
    }

    [Fact]
    public async Task Configure_changes_thresholds_or_refuses_and_keeps_them()
    {
        await using var deepgram = await DeepgramSimulator.StartAsync();
        await using var client = await deepgram.ConnectAsync(Eager);
        await client.SendAsync("""{"type":"Configure","thresholds":{"eot_threshold":0.8},"keyterms":["Acme"]}""");
        var success = await client.NextAsync(message => message.Type() == "ConfigureSuccess");
        success["thresholds"]!["eot_threshold"]!.GetValue<double>().ShouldBe(0.8);
        success["thresholds"]!["eager_eot_threshold"]!.GetValue<double>().ShouldBe(0.4);
        success["keyterms"]![0]!.GetValue<string>().ShouldBe("Acme");
        await client.SendAsync("""{"type":"Configure","thresholds":{"eot_threshold":2}}""");
        (await client.NextAsync()).Type().ShouldBe("ConfigureFailure");
    }

    [Theory]
    [InlineData("""{"type":"KeepAlive"}""")]
    [InlineData("""{"type":"Configure","eot_threshold":0.8}""")]
    [InlineData("""{"type":"Configure","thresholds":{"eot_threshold":"high"}}""")]
    [InlineData("nonsense")]
    public async Task A_message_that_Flux_does_not_know_ends_the_connection(string message)
    {
        await using var deepgram = await DeepgramSimulator.StartAsync();
        await using var client = await deepgram.ConnectAsync(Eager);
        await client.SendAsync(message);
        (await client.RestAsync())[^1]["code"]!.GetValue<string>().ShouldBe("UNPARSABLE_CLIENT_MESSAGE");
        deepgram.Connections.All[0].Violations.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_turn_can_be_ended_by_hand()
    {
        await using var deepgram = await DeepgramSimulator.StartAsync();
        await using var client = await deepgram.ConnectAsync(Eager);
        await client.SendAsync("""{"type":"ForceEndTurn"}""");
        (await client.NextAsync(message => message.Type() == "Warning"))["code"]!.GetValue<string>().ShouldBe("FORCE_END_TURN_NO_ACTIVE_TURN");
        await client.SayAsync("Yes please.");
        await client.SendAsync("""{"type":"ForceEndTurn"}""");
        var end = await client.NextAsync(message => message.Event() == "EndOfTurn");
        end["trigger"]!.GetValue<string>().ShouldBe("manual");
        end.Heard().ShouldBe("Yes please.");
    }

    [Fact]
    public async Task CloseStream_ends_without_EndOfTurn_and_without_a_status()
    {
        await using var deepgram = await DeepgramSimulator.StartAsync();
        await using var client = await deepgram.ConnectAsync(Eager);
        await client.SayAsync("One moment");
        await client.SendAsync("""{"type":"CloseStream"}""");
        var rest = await client.RestAsync();
        rest[^1].Event().ShouldBe("Update");
        rest[^1].Heard().ShouldBe("One moment");
        rest.ShouldNotContain(message => message.Event() == "EndOfTurn");
        client.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure); // .NET's word for none
        client.CloseReason.ShouldBeNullOrEmpty();
        deepgram.Connections.All[0].CloseStatus.ShouldBe(1005);
    }

    [Theory]
    [InlineData("model=flux-general-en&language=en", 400)]
    [InlineData("model=flux-general-en&endpointing=300", 400)]
    [InlineData("model=flux-general-en&eot_threshold=0.2", 400)]
    [InlineData("model=flux-general-en&eager_eot_threshold=0.8", 400)]
    [InlineData("model=flux-general-en&language_hint=en", 400)]
    [InlineData("model=flux-general-de", 403)]
    [InlineData("eot_threshold=0.7", 400)]
    public async Task What_Flux_does_not_take_is_refused_at_the_upgrade(string query, int status)
    {
        await using var deepgram = await DeepgramSimulator.StartAsync();
        var refused = await Should.ThrowAsync<RefusedUpgradeException>(() => deepgram.ConnectAsync("/v2/listen?" + query));
        refused.Status.ShouldBe(status);
        refused.Header("dg-error").ShouldNotBeEmpty();
        refused.Header("dg-request-id").ShouldNotBeEmpty();
    }
}
