using System.Text.Json.Nodes;
using ToolBackend.Testing;
using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Providers.Sockets;
using ToolBackend.Voice.Synthesis;
using ToolBackend.Voice.Synthesis.ElevenLabs;
using ToolBackend.Voice.Tests.Vendors;

namespace ToolBackend.Voice.Tests.Synthesis.ElevenLabs;

public sealed class ElevenLabsSynthesizerTests : IDisposable
{
    private static readonly VoiceModel s_voice = new("11labs", "EXAVITQu4vr4xnSDxMaL") { Model = "eleven_flash_v2_5", Stability = 0.5, SimilarityBoost = 0.75, Speed = 1.1, Language = "en-US" };

    private readonly VendorConnector _connector = new(TimeProvider.System);
    private readonly SynthesisOptions _options = new() { FirstByteDeadline = TimeSpan.FromMilliseconds(500), StallDeadline = TimeSpan.FromMilliseconds(400) };

    public void Dispose() => _connector.Dispose();

    [Fact]
    public async Task An_utterance_is_a_context_with_settings_in_its_first_text_only()
    {
        await using var vendor = await ScriptedVendor.StartAsync(static async c =>
        {
            await c.HearUntilAsync("close_context");
            await c.SayAsync("""{"audio":"AQID","isFinal":null,"alignment":{"chars":["H","i"],"charStartTimesMs":[0,60],"charDurationsMs":[60,60]},"contextId":"u1"}""");
            await c.SayAsync("""{"audio":"BAUG","alignment":{"chars":["!"],"charsStartTimesMs":[5],"charsDurationsMs":[60]},"normalizedAlignment":null,"context_id":"u1"}""");
            await c.SayAsync("""{"audio":"CQ==","contextId":"nobody"}""");
            await c.SayAsync("""{"type":"flush_done","contextId":"u1"}""");
            await c.SayAsync("""{"is_final":true,"context_id":"u1"}""");
            await c.IgnoreAsync();
        });
        await using var synthesizer = Open(vendor);
        await using var stream = synthesizer.Begin();
        stream.Write("Of course, Anna,", flush: true);
        stream.Write("", flush: false);
        stream.Write("I can do that. ", flush: false);
        stream.Complete();
        var audio = await ReadAsync(stream);
        audio.SelectMany(static a => a.MuLaw.ToArray()).ShouldBe(new byte[] { 1, 2, 3, 4, 5, 6 });
        audio[0].Alignment!.Text.ShouldBe("Hi");
        audio[0].Alignment!.StartMs.ShouldBe([0, 60]);
        audio[1].Alignment!.StartMs.ShouldBe([5]);

        var connection = vendor.Connections.Single();
        connection.Authorization.ShouldBe("key");
        connection.Path.ShouldBe("/v1/text-to-speech/EXAVITQu4vr4xnSDxMaL/multi-stream-input");
        connection.Query.ShouldBe("?model_id=eleven_flash_v2_5&output_format=ulaw_8000&auto_mode=true&sync_alignment=true&inactivity_timeout=180&language_code=en");
        connection.Texts.ShouldBe(
        [
            """{"text":"Of course, Anna, ","voice_settings":{"stability":0.5,"similarity_boost":0.75,"speed":1.1},"context_id":"u1"}""",
            """{"flush":true,"context_id":"u1"}""",
            """{"text":"I can do that. ","context_id":"u1"}""",
            """{"flush":true,"context_id":"u1"}""",
            """{"close_context":true,"context_id":"u1"}""",
        ]);
    }

    [Fact]
    public async Task Cancelling_closes_without_a_flush_and_drops_what_still_comes()
    {
        await using var vendor = await ScriptedVendor.StartAsync(static async c =>
        {
            await c.HearUntilAsync("First");
            await c.SayAsync("""{"audio":"AQID","contextId":"u1"}""");
            await c.HearUntilAsync("close_context");
            await c.SayAsync("""{"audio":"AQID","contextId":"u1"}""");
            await c.SayAsync("""{"isFinal":true,"contextId":"u1"}""");
            await c.HearUntilAsync("Second");
            await c.SayAsync("""{"audio":"BwgJ","contextId":"u2"}""");
            await c.SayAsync("""{"isFinal":true,"contextId":"u2"}""");
            await c.IgnoreAsync();
        });
        await using var synthesizer = Open(vendor);
        var first = synthesizer.Begin();
        first.Write("First.", flush: false);
        (await first.Audio.ReadAsync()).MuLaw.Length.ShouldBe(3);
        await first.DisposeAsync();
        await using var second = synthesizer.Begin();
        second.Write("Second.", flush: true);
        second.Complete();
        (await ReadAsync(second)).Single().MuLaw.ToArray().ShouldBe(new byte[] { 7, 8, 9 });
        (await ReadAsync(first)).ShouldBeEmpty();
        vendor.Connections.Single().Texts.Where(static t => t.Contains("\"u1\"", StringComparison.Ordinal)).ShouldBe(
        [
            """{"text":"First. ","voice_settings":{"stability":0.5,"similarity_boost":0.75,"speed":1.1},"context_id":"u1"}""",
            """{"close_context":true,"context_id":"u1"}""",
        ]);
    }

    [Fact]
    public async Task A_sixth_context_goes_to_another_socket_while_five_are_still_closing()
    {
        await using var vendor = await ScriptedVendor.StartAsync(static c => c.IgnoreAsync());
        await using var synthesizer = Open(vendor);
        for (var i = 0; i < 7; i++)
        {
            var stream = synthesizer.Begin();
            stream.Write("Hello.", flush: true);
            await stream.DisposeAsync();
        }

        await Eventually.IsTrueAsync(
            () => Task.FromResult(vendor.Connections.Sum(c => Opened(c)) == 7), TimeSpan.FromSeconds(5), "seven contexts were not opened");
        vendor.Connections.Select(c => Opened(c)).Order().ShouldBe([2, 5]);
    }

    [Fact]
    public async Task A_final_frees_the_place_and_the_socket_serves_on()
    {
        await using var vendor = await ScriptedVendor.StartAsync(static async c =>
        {
            while (await c.HearAsync() is { } text)
            {
                if (text.Contains("close_context", StringComparison.Ordinal))
                {
                    await c.SayAsync($$"""{"isFinal":true,"contextId":"{{JsonNode.Parse(text)!["context_id"]}}"}""");
                }
            }
        });
        await using var synthesizer = Open(vendor);
        for (var i = 0; i < 12; i++)
        {
            await using var stream = synthesizer.Begin();
            stream.Write("Hello.", flush: true);
            stream.Complete();
            await ReadAsync(stream);
        }

        vendor.Connections.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_written_is_an_end_without_a_context()
    {
        await using var vendor = await ScriptedVendor.StartAsync(static c => c.IgnoreAsync());
        await using var synthesizer = Open(vendor);
        await using var stream = synthesizer.Begin();
        stream.Complete();
        (await ReadAsync(stream)).ShouldBeEmpty();
        await synthesizer.DisposeAsync();
        vendor.Connections.SelectMany(static c => c.Texts).ShouldAllBe(static t => !t.Contains("context_id", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("invalid_api_key", ProviderFault.Authentication)]
    [InlineData("quota_exceeded", ProviderFault.Quota)]
    [InlineData("voice_id_does_not_exist", ProviderFault.Rejected)]
    [InlineData("unsupported_model", ProviderFault.Rejected)]
    [InlineData("too_many_concurrent_requests", ProviderFault.RateLimited)]
    [InlineData("system_busy", ProviderFault.ServerError)]
    [InlineData("max_active_conversations", ProviderFault.Protocol)]
    public async Task F9_an_error_frame_ends_the_utterance_with_its_fault(string error, ProviderFault fault)
    {
        await using var vendor = await ScriptedVendor.StartAsync(async c =>
        {
            await c.HearUntilAsync("Hello");
            await c.SayAsync($$"""{"message":"x","error":"{{error}}","code":1008}""");
            await c.CloseAsync(1008, "x");
            await c.IgnoreAsync();
        });
        var thrown = await FailureOf(vendor);
        (thrown.Fault, thrown.Code).ShouldBe((fault, error));
    }

    [Fact]
    public async Task F9_a_refused_upgrade_ends_the_utterance()
    {
        await using var vendor = await ScriptedVendor.StartAsync(static _ => Task.CompletedTask, static _ => 400);
        (await FailureOf(vendor)).Fault.ShouldBe(ProviderFault.Rejected);
    }

    [Fact]
    public async Task F9_no_first_byte_in_time_is_a_time_out()
    {
        await using var vendor = await ScriptedVendor.StartAsync(static c => c.IgnoreAsync());
        var started = TimeProvider.System.GetTimestamp();
        (await FailureOf(vendor)).Fault.ShouldBe(ProviderFault.TimedOut);
        TimeProvider.System.GetElapsedTime(started).ShouldBeInRange(TimeSpan.FromSeconds(0.45), TimeSpan.FromSeconds(1.5));
    }

    [Fact]
    public async Task F9_a_stall_in_mid_sentence_is_a_time_out_behind_the_audio_that_came()
    {
        await using var vendor = await ScriptedVendor.StartAsync(static async c =>
        {
            await c.HearUntilAsync("Hello");
            await c.SayAsync("""{"audio":"AQID","alignment":{"chars":["H","e"],"charStartTimesMs":[0,60]},"contextId":"u1"}""");
            await c.IgnoreAsync();
        });
        await using var synthesizer = Open(vendor);
        await using var stream = synthesizer.Begin();
        stream.Write("Hello.", flush: true);
        (await stream.Audio.ReadAsync()).MuLaw.Length.ShouldBe(3);
        (await Should.ThrowAsync<ProviderException>(() => ReadAsync(stream))).Fault.ShouldBe(ProviderFault.TimedOut);
    }

    [Fact]
    public async Task F9_a_cut_in_mid_sentence_ends_the_utterance_and_the_next_one_finds_a_new_connection()
    {
        await using var vendor = await ScriptedVendor.StartAsync(static async c =>
        {
            await c.HearUntilAsync("Hello");
            if (c.Number == 0)
            {
                await c.SayAsync("""{"audio":"AQID","contextId":"u1"}""");
                await c.HearUntilAsync("more");
                return;
            }

            await c.SayAsync("""{"audio":"AQID","contextId":"u2"}""");
            await c.SayAsync("""{"isFinal":true,"contextId":"u2"}""");
            await c.IgnoreAsync();
        });
        await using var synthesizer = Open(vendor);
        var first = synthesizer.Begin();
        first.Write("Hello.", flush: true);
        (await first.Audio.ReadAsync()).MuLaw.Length.ShouldBe(3);
        first.Write("And more.", flush: true);
        (await Should.ThrowAsync<ProviderException>(() => ReadAsync(first))).Fault.ShouldBe(ProviderFault.ServerError);
        await Eventually.IsTrueAsync(() => Task.FromResult(vendor.Connections.Count == 2), TimeSpan.FromSeconds(5), "the connection was not opened again");
        await using var second = synthesizer.Begin();
        second.Write("Hello.", flush: true);
        second.Complete();
        (await ReadAsync(second)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_missing_final_after_all_was_spoken_is_an_end_and_not_a_fault()
    {
        await using var vendor = await ScriptedVendor.StartAsync(static async c =>
        {
            await c.HearUntilAsync("Hi");
            await c.SayAsync("""{"audio":"AQID","alignment":{"chars":["H","i","."," "],"charStartTimesMs":[0,60,70,80]},"contextId":"u1"}""");
            await c.IgnoreAsync();
        });
        await using var synthesizer = Open(vendor);
        await using var stream = synthesizer.Begin();
        stream.Write("Hi.", flush: true);
        stream.Complete();
        (await ReadAsync(stream)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_vendor_waits_when_nobody_reads()
    {
        var options = new SynthesisOptions { Ahead = TimeSpan.FromSeconds(1), StallDeadline = TimeSpan.FromSeconds(5) };
        var piece = Convert.ToBase64String(new byte[4000]);
        await using var vendor = await ScriptedVendor.StartAsync(async c =>
        {
            await c.HearUntilAsync("Hello");
            for (var i = 0; i < 10; i++)
            {
                await c.SayAsync($$"""{"audio":"{{piece}}","contextId":"u1"}""");
            }

            await c.SayAsync("""{"isFinal":true,"contextId":"u1"}""");
            await c.IgnoreAsync();
        });
        await using var synthesizer = new ElevenLabsSynthesizers(new VendorOptions { BaseUrl = vendor.Url, ApiKey = "key" }, _connector, options, TimeProvider.System).Open(s_voice);
        await using var stream = synthesizer.Begin();
        stream.Write("Hello.", flush: true);
        stream.Complete();
        (await stream.Audio.WaitToReadAsync()).ShouldBeTrue();
        (await ReadAsync(stream)).Sum(static a => a.MuLaw.Length).ShouldBe(40_000);
    }

    private static int Opened(VendorConnection connection) => connection.Texts.Count(static t => t.Contains("voice_settings", StringComparison.Ordinal));

    private static async Task<List<SpeechAudio>> ReadAsync(ISpeechStream stream)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var all = new List<SpeechAudio>();
        await foreach (var piece in stream.Audio.ReadAllAsync(limit.Token))
        {
            all.Add(piece);
        }

        return all;
    }

    private async Task<ProviderException> FailureOf(ScriptedVendor vendor)
    {
        await using var synthesizer = Open(vendor);
        await using var stream = synthesizer.Begin();
        stream.Write("Hello.", flush: true);
        return await Should.ThrowAsync<ProviderException>(() => ReadAsync(stream));
    }

    private ISynthesizer Open(ScriptedVendor vendor) =>
        new ElevenLabsSynthesizers(new VendorOptions { BaseUrl = vendor.Url, ApiKey = "key" }, _connector, _options, TimeProvider.System).Open(s_voice);
}
