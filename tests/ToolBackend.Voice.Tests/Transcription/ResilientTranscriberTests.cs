using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Providers.Sockets;
using ToolBackend.Voice.Tests.Vendors;
using ToolBackend.Voice.Transcription;
using ToolBackend.Voice.Transcription.AssemblyAi;
using ToolBackend.Voice.Transcription.Deepgram;
using static ToolBackend.Voice.Transcription.TranscriptKind;

namespace ToolBackend.Voice.Tests.Transcription;

public sealed class ResilientTranscriberTests : IDisposable
{
    private static readonly TranscriberModel s_flux = new("deepgram") { Model = "flux-general-en", EndOfTurnThreshold = 0.7, EndOfTurnTimeout = TimeSpan.FromSeconds(5), ConfidenceThreshold = 0.4 };
    private static readonly FallbackSettings s_fallback = new() { Transcribers = [new ProviderLink("assembly-ai", "universal-streaming-english")] };

    private readonly VendorConnector _connector = new(TimeProvider.System);
    private readonly TranscriptionOptions _options = new() { ConnectDeadline = TimeSpan.FromSeconds(1), CloseDeadline = TimeSpan.FromMilliseconds(200), FluxDeafAfter = TimeSpan.FromSeconds(0.8) };
    private readonly Gate _gate = new();

    public void Dispose() => _connector.Dispose();

    [Fact]
    public async Task F7_a_socket_cut_in_mid_word_loses_no_word_and_gives_none_twice()
    {
        await using var deepgram = await ScriptedVendor.StartAsync(static async c =>
        {
            await c.SayAsync("""{"type":"Connected"}""");
            if (c.Number == 0)
            {
                await c.HearAudioAsync(3200);
                await c.SayAsync(Turn("StartOfTurn", "My card", 0.4));
                await c.SayAsync(Turn("Update", "My card number is", 0.4));
                await c.HearAudioAsync(6400);
                return;
            }

            await c.HearAudioAsync(6400);
            await c.SayAsync(Turn("StartOfTurn", "My", 0.5));
            await c.SayAsync(Turn("Update", "My card number", 1.0));
            await c.SayAsync(Turn("Update", "My card number is four two", 1.5));
            await c.SayAsync(Turn("EndOfTurn", "My card number is four two.", 1.8));
            await c.IgnoreAsync();
        });
        await using var transcriber = Open(deepgram, null);
        using var stop = new CancellationTokenSource();
        var feeding = Feed.FramesAsync(transcriber, stop.Token);
        var events = await Feed.UntilAsync(transcriber.Events, Over);
        events.Select(static e => (e.Kind, e.Text)).ShouldBe(
        [
            (SpeechStarted, ""), (Heard, "My card"), (Heard, "My card number is"), (Heard, "My card number is four two"), (Over, "My card number is four two."),
        ]);
        deepgram.Connections.Count.ShouldBe(2);
        await stop.CancelAsync();
        await feeding;
    }

    [Fact]
    public async Task F7_a_turn_that_is_over_never_comes_again()
    {
        var heard = new TaskCompletionSource();
        await using var deepgram = await ScriptedVendor.StartAsync(async c =>
        {
            await c.HearAudioAsync(4000);
            if (c.Number == 0)
            {
                await c.SayAsync(Turn("StartOfTurn", "Hello", 0.3));
                await c.SayAsync(Turn("EndOfTurn", "Hello.", 0.5));
                await heard.Task;
                return;
            }

            await c.SayAsync(Turn("StartOfTurn", "Next", 0.3));
            await c.SayAsync(Turn("EndOfTurn", "Next.", 0.5));
            await c.IgnoreAsync();
        });
        await using var transcriber = Open(deepgram, null);
        Feed.Silence(transcriber, TimeSpan.FromSeconds(1));
        (await Feed.UntilAsync(transcriber.Events, Over))[^1].Text.ShouldBe("Hello.");
        heard.SetResult();
        (await Feed.UntilAsync(transcriber.Events, Over))[^1].Text.ShouldBe("Next.");
        var again = deepgram.Connections.Last();
        again.AudioBytes.ShouldBeLessThanOrEqualTo(8000 - 4000, "audio of the turn that is over is not given again");
    }

    [Theory]
    [InlineData(401, ProviderFault.Authentication)]
    [InlineData(503, ProviderFault.ServerError)]
    public async Task F7_a_vendor_that_refuses_is_replaced_within_700_ms(int status, ProviderFault fault)
    {
        await using var deepgram = await ScriptedVendor.StartAsync(static _ => Task.CompletedTask, _ => status);
        await using var assembly = await StartAssemblyAsync();
        var started = TimeProvider.System.GetTimestamp();
        await using var transcriber = Open(deepgram, assembly);
        using var stop = new CancellationTokenSource();
        var feeding = Feed.FramesAsync(transcriber, stop.Token);
        var events = await Feed.UntilAsync(transcriber.Events, Over);
        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromMilliseconds(1400), "0.48 s of it is audio that the backup waits for");
        events[^1].Text.ShouldBe("good morning");
        _gate.Reports.ShouldContain(("deepgram", fault));
        _gate.Reports.ShouldContain(("assembly-ai", null));
        await stop.CancelAsync();
        await feeding;
        assembly.Connections.Single().Audio.ShouldAllBe(static a => a.Length == 480);
    }

    [Fact]
    public async Task F7_accepted_then_silent_is_tried_twice_and_then_the_backup_hears_all()
    {
        await using var deepgram = await ScriptedVendor.StartAsync(static c => c.IgnoreAsync());
        await using var assembly = await StartAssemblyAsync();
        await using var transcriber = Open(deepgram, assembly);
        using var stop = new CancellationTokenSource();
        var feeding = Feed.FramesAsync(transcriber, stop.Token);
        (await Feed.UntilAsync(transcriber.Events, Over))[^1].Text.ShouldBe("good morning");
        deepgram.Connections.Count.ShouldBe(2);
        await stop.CancelAsync();
        await feeding;
    }

    [Fact]
    public async Task F7_a_stall_of_two_seconds_in_a_turn_is_bridged_by_a_new_connection()
    {
        await using var deepgram = await ScriptedVendor.StartAsync(static async c =>
        {
            await c.SayAsync("""{"type":"Connected"}""");
            await c.HearAudioAsync(3200);
            await c.SayAsync(Turn("StartOfTurn", "I need", 0.4));
            if (c.Number == 0)
            {
                await c.IgnoreAsync();
                return;
            }

            await c.SayAsync(Turn("EndOfTurn", "I need help.", 1.5));
            await c.IgnoreAsync();
        });
        await using var transcriber = Open(deepgram, null);
        using var stop = new CancellationTokenSource();
        var feeding = Feed.FramesAsync(transcriber, stop.Token);
        var events = await Feed.UntilAsync(transcriber.Events, Over);
        events.Select(static e => (e.Kind, e.Text)).ShouldBe([(SpeechStarted, ""), (Heard, "I need"), (Over, "I need help.")]);
        await stop.CancelAsync();
        await feeding;
    }

    [Fact]
    public async Task F7_garbage_without_end_is_replaced()
    {
        await using var deepgram = await ScriptedVendor.StartAsync(static async c =>
        {
            for (var i = 0; i < 10 && c.Number == 0; i++)
            {
                await c.SayAsync("{]");
            }

            await c.HearAudioAsync(160);
            await c.SayAsync(Turn("EndOfTurn", "Hello.", 0.1));
            await c.IgnoreAsync();
        });
        await using var transcriber = Open(deepgram, null);
        using var stop = new CancellationTokenSource();
        var feeding = Feed.FramesAsync(transcriber, stop.Token);
        (await Feed.UntilAsync(transcriber.Events, Over))[^1].Text.ShouldBe("Hello.");
        await stop.CancelAsync();
        await feeding;
    }

    [Fact]
    public async Task When_nobody_is_left_it_ends_with_the_last_fault()
    {
        await using var deepgram = await ScriptedVendor.StartAsync(static _ => Task.CompletedTask, static _ => 401);
        await using var transcriber = Open(deepgram, null);
        (await Should.ThrowAsync<ProviderException>(() => Feed.AllAsync(transcriber.Events))).Fault.ShouldBe(ProviderFault.Authentication);
    }

    [Fact]
    public void Without_any_key_it_says_so_at_once() =>
        Should.Throw<ProviderException>(() => new ResilientTranscribers([], _gate, _options, TimeProvider.System, NullLogger<ResilientTranscribers>.Instance).Open(s_flux, s_fallback)).Code.ShouldBe("not_configured");

    [Fact]
    public async Task Disposing_ends_the_events_without_an_error()
    {
        await using var deepgram = await ScriptedVendor.StartAsync(static c => c.IgnoreAsync());
        var transcriber = Open(deepgram, null);
        Feed.Silence(transcriber, TimeSpan.FromMilliseconds(100));
        await transcriber.DisposeAsync();
        (await Feed.AllAsync(transcriber.Events)).ShouldBeEmpty();
    }

    private static Task<ScriptedVendor> StartAssemblyAsync() => ScriptedVendor.StartAsync(static async c =>
    {
        await c.SayAsync("""{"type":"Begin","id":"x","expires_at":1759796682}""");
        await c.HearAudioAsync(3840);
        await c.SayAsync("""{"turn_order":0,"turn_is_formatted":false,"end_of_turn":true,"transcript":"good morning","words":[{"start":0,"end":400,"text":"good","confidence":0.9,"word_is_final":true},{"start":400,"end":450,"text":"morning","confidence":0.9,"word_is_final":true}],"utterance":"good morning","type":"Turn"}""");
        await c.IgnoreAsync();
    });

    private static string Turn(string name, string text, double heardTo) =>
        $$"""{"type":"TurnInfo","event":"{{name}}","turn_index":0,"audio_window_start":0,"audio_window_end":{{heardTo}},"transcript":"{{text}}","words":[],"end_of_turn_confidence":0.8}""";

    private ITranscriber Open(ScriptedVendor deepgram, ScriptedVendor? assembly)
    {
        ITranscriberProvider[] providers =
        [
            new DeepgramTranscribers(new VendorOptions { BaseUrl = deepgram.Url, ApiKey = "secret" }, _connector, _options, TimeProvider.System),
            new AssemblyAiTranscribers(new VendorOptions { BaseUrl = assembly?.Url, ApiKey = assembly is null ? null : "secret" }, _connector, _options, TimeProvider.System),
        ];
        return new ResilientTranscribers(providers, _gate, _options, TimeProvider.System, NullLogger<ResilientTranscribers>.Instance).Open(s_flux, s_fallback);
    }

    private sealed class Gate : IProviderGate
    {
        public ConcurrentQueue<(string, ProviderFault?)> Reports { get; } = new();

        public bool IsOpen(string provider) => true;

        public void Report(string provider, ProviderFault? fault) => Reports.Enqueue((provider, fault));
    }
}
