using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.AssemblyAi;
using ToolBackend.LocalStack.Simulators.Audio;
using ToolBackend.LocalStack.Tests.Simulators.Sockets;

namespace ToolBackend.LocalStack.Tests.Simulators.AssemblyAi;

public sealed class AssemblyAiTests
{
    private const string Phone = "sample_rate=8000&encoding=pcm_mulaw&";
    private const int Piece = 800;

    /// <summary>Audio may come as fast as it goes.</summary>
    private static Task<AssemblyAiSimulator> StartAsync(AssemblyAiSimulatorOptions? options = null) =>
        AssemblyAiSimulator.StartAsync((options ?? new AssemblyAiSimulatorOptions()) with { MostAhead = null });

    private static Task<SocketClient> ConnectAsync(AssemblyAiSimulator simulator, string query = "", string? key = null) =>
        SocketClient.ConnectAsync($"{simulator.Url}/v3/ws?{Phone}{query}", ("Authorization", key ?? simulator.ApiKey));

    private static async Task SayAsync(SocketClient client, string text, int silence)
    {
        byte[] audio = [.. AudibleText.Encode(text), .. AudibleText.Silence(TimeSpan.FromMilliseconds(silence))];
        await client.SendAudioAsync([.. audio, .. AudibleText.Silence(TimeSpan.FromMilliseconds(100))[..(Piece - (audio.Length % Piece))]], Piece);
    }

    private static string Text(JsonObject turn) => turn["transcript"]!.GetValue<string>();

    private static bool IsEnd(JsonObject message) => message["end_of_turn"]?.GetValue<bool>() is true;

    [Fact]
    public async Task A_turn_comes_word_by_word_and_ends_after_its_silence()
    {
        await using var simulator = await StartAsync();
        await using var client = await ConnectAsync(simulator);
        (await client.NextAsync())["type"]!.GetValue<string>().ShouldBe("Begin");
        await SayAsync(client, "Hi, my name is Sonny.", 500);
        var turns = new List<JsonObject>();
        do
        {
            turns.Add(await client.NextAsync());
        }
        while (!IsEnd(turns[^1]));

        Text(turns[0]).ShouldBeEmpty();
        turns[0]["words"]![0]!["word_is_final"]!.GetValue<bool>().ShouldBeFalse();
        turns[0]["words"]![0]!["text"]!.GetValue<string>().ShouldBe("hi");
        turns.ShouldContain(turn => Text(turn) == "hi my");
        var pause = turns[^2];
        pause["utterance"]!.GetValue<string>().ShouldBe("hi my name is sonny");
        Text(pause).ShouldBe("hi my name is");
        Text(turns[^1]).ShouldBe("hi my name is sonny");
        turns[^1]["utterance"]!.GetValue<string>().ShouldBeEmpty();
        turns[^1]["turn_is_formatted"]!.GetValue<bool>().ShouldBeFalse();
        turns[^1]["turn_order"]!.GetValue<int>().ShouldBe(0);
        await SayAsync(client, "Yes.", 500);
        (await client.NextAsync(IsEnd))["turn_order"]!.GetValue<int>().ShouldBe(1);
    }

    [Theory]
    [InlineData(true, new[] { "is it free", "Is it free?" })]
    [InlineData(false, new[] { "Is it free?" })]
    public async Task The_formatted_end_comes_second_or_alone(bool both, string[] ends)
    {
        await using var simulator = await StartAsync(new() { SendsBothFinals = both });
        await using var client = await ConnectAsync(simulator, "format_turns=true&min_turn_silence=200");
        await SayAsync(client, "is it free?", 300);
        foreach (var end in ends)
        {
            var turn = await client.NextAsync(IsEnd);
            Text(turn).ShouldBe(end);
            turn["turn_order"]!.GetValue<int>().ShouldBe(0);
        }
    }

    [Fact]
    public async Task An_unsure_turn_ends_by_the_longest_silence_or_by_force_or_by_new_settings()
    {
        await using var simulator = await StartAsync(new() { Confidence = _ => 0.1 });
        await using var client = await ConnectAsync(simulator, "max_turn_silence=1000");
        await SayAsync(client, "Monday and", 600);
        await client.SendAsync("""{"type":"ForceEndpoint"}""");
        Text(await client.NextAsync(IsEnd)).ShouldBe("monday and");
        await SayAsync(client, "Tuesday and", 1000);
        Text(await client.NextAsync(IsEnd)).ShouldBe("tuesday and");
        await client.SendAsync("""{"type":"UpdateConfiguration","end_of_turn_confidence_threshold":0,"min_turn_silence":100}""");
        await SayAsync(client, "Wednesday", 100);
        Text(await client.NextAsync(IsEnd)).ShouldBe("wednesday");
    }

    [Fact]
    public async Task Terminate_tells_the_last_turn_and_ends()
    {
        await using var simulator = await StartAsync();
        await using var client = await ConnectAsync(simulator);
        await SayAsync(client, "Good bye", 20);
        await client.SendAsync("""{"type":"Terminate"}""");
        var rest = await client.RestAsync();
        Text(rest[^2]).ShouldBe("good bye");
        rest[^1]["type"]!.GetValue<string>().ShouldBe("Termination");
        ((int)client.CloseStatus!).ShouldBe(1000);
    }

    [Theory]
    [InlineData(160, "Input duration violation: 20 ms. Expected between 50 and 1000 ms")]
    [InlineData(8004, "Input duration violation: 1000.5 ms. Expected between 50 and 1000 ms")]
    public async Task Audio_comes_in_pieces_of_50_to_1000_ms(int piece, string reason)
    {
        await using var simulator = await StartAsync();
        await using var client = await ConnectAsync(simulator);
        await client.SendBinaryAsync(new byte[piece]);
        (await client.RestAsync())[^1]["error"]!.GetValue<string>().ShouldBe(reason);
        ((int)client.CloseStatus!).ShouldBe(3007);
        client.CloseReason.ShouldBe(reason);
    }

    [Fact]
    public async Task Audio_much_faster_than_real_time_ends_the_session()
    {
        await using var simulator = await AssemblyAiSimulator.StartAsync();
        await using var client = await ConnectAsync(simulator);
        await client.BeSilentAsync(2500, Piece);
        await client.RestAsync();
        ((int)client.CloseStatus!).ShouldBe(3007);
        client.CloseReason!.ShouldStartWith("Audio Transmission Rate Exceeded: Received ");
    }

    [Theory]
    [InlineData("{", "Invalid JSON")]
    [InlineData("""{"type":"Finalize"}""", "Invalid Message Type: Finalize")]
    [InlineData("""{"type":"UpdateConfiguration","min_turn_silence":"short"}""", "Invalid Message: UpdateConfiguration")]
    public async Task An_unknown_message_ends_the_session(string message, string reason)
    {
        await using var simulator = await StartAsync();
        await using var client = await ConnectAsync(simulator);
        await client.SendAsync(message);
        await client.RestAsync();
        ((int)client.CloseStatus!).ShouldBe(3006);
        client.CloseReason.ShouldBe(reason);
    }

    [Fact]
    public async Task The_key_has_no_scheme_and_a_token_is_as_good_once()
    {
        await using var simulator = await StartAsync();
        await using var denied = await ConnectAsync(simulator, key: "Bearer " + simulator.ApiKey);
        (await denied.RestAsync()).ShouldBeEmpty();
        ((int)denied.CloseStatus!).ShouldBe(1008);
        denied.CloseReason.ShouldBe("Unauthorized Connection: Invalid API key");
        using var http = new HttpClient();
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", simulator.ApiKey);
        var token = JsonNode.Parse(await http.GetStringAsync($"{simulator.Url}/v3/token?expires_in_seconds=60"))!["token"]!.GetValue<string>();
        await using var client = await SocketClient.ConnectAsync($"{simulator.Url}/v3/ws?{Phone}token={token}");
        (await client.NextAsync())["type"]!.GetValue<string>().ShouldBe("Begin");
        await using var again = await SocketClient.ConnectAsync($"{simulator.Url}/v3/ws?{Phone}token={token}");
        (await again.RestAsync()).ShouldBeEmpty();
        again.CloseReason.ShouldBe("Unauthorized Connection: Missing Authorization header");
    }

    [Fact]
    public async Task Terms_must_be_one_JSON_array()
    {
        await using var simulator = await StartAsync();
        (await Should.ThrowAsync<RefusedUpgradeException>(() => ConnectAsync(simulator, "keyterms_prompt=Acme"))).Status.ShouldBe(400);
        await using var client = await ConnectAsync(simulator, "keyterms_prompt=" + Uri.EscapeDataString("[\"Acme\"]"));
        (await client.NextAsync())["type"]!.GetValue<string>().ShouldBe("Begin");
    }

    [Fact]
    public async Task Too_many_sessions_in_a_minute_are_turned_away()
    {
        await using var simulator = await StartAsync(new() { SessionsPerMinute = 1, TooManyStatus = 3009 });
        await using var first = await ConnectAsync(simulator);
        await first.NextAsync();
        await using var second = await ConnectAsync(simulator);
        await second.RestAsync();
        ((int)second.CloseStatus!).ShouldBe(3009);
    }

    [Fact]
    public async Task U3_tells_the_start_of_speech_and_one_partial_for_a_pause()
    {
        await using var simulator = await StartAsync();
        await using var client = await ConnectAsync(simulator, "speech_model=u3-rt-pro");
        await SayAsync(client, "Tomorrow", 300);
        await SayAsync(client, "at nine.", 300);
        await client.NextAsync(IsEnd);
        var sent = simulator.Connections.All[0].Sent;
        sent.Select(message => message.Kind).ShouldBe(["Begin", "SpeechStarted", "partial", "partial", "end"]);
        sent[^1].Detail.ShouldBe("Tomorrow at nine.");
    }
}
