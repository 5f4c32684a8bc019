using ToolBackend.LocalStack.Simulators.Audio;
using ToolBackend.LocalStack.Simulators.Deepgram;
using ToolBackend.LocalStack.Simulators.ElevenLabs;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Sockets;
using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Providers.Sockets;
using ToolBackend.Voice.Synthesis;
using ToolBackend.Voice.Synthesis.Deepgram;
using ToolBackend.Voice.Synthesis.ElevenLabs;

namespace ToolBackend.Voice.Tests.Simulated;

public sealed class SynthesizersAgainstSimulatorsTests : IAsyncLifetime
{
    private static readonly string[] s_chunks = ["Of course, Anna,", " I can move that.", " Thursday at four is free.", " Shall I take it?"];

    private readonly VendorConnector _connector = new(TimeProvider.System);
    private readonly SynthesisOptions _options = new();
    private ElevenLabsSimulator _eleven = null!;
    private DeepgramSimulator _deepgram = null!;

    public async ValueTask InitializeAsync()
    {
        _eleven = await ElevenLabsSimulator.StartAsync();
        _deepgram = await DeepgramSimulator.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _connector.Dispose();
        await _eleven.DisposeAsync();
        await _deepgram.DisposeAsync();
    }

    [Theory]
    [InlineData("11labs")]
    [InlineData("deepgram")]
    public async Task Every_word_that_is_written_is_spoken_once_and_in_order(string vendor)
    {
        await using var synthesizer = Open(vendor);
        for (var i = 0; i < 7; i++)
        {
            var (words, fault) = await SpeakAsync(synthesizer, s_chunks);
            fault.ShouldBeNull();
            words.ShouldBe(string.Concat(s_chunks).Split(' '));
        }
    }

    [Theory]
    [InlineData("11labs")]
    [InlineData("deepgram")]
    public async Task What_was_cancelled_is_not_heard_in_the_next_utterance_however_often(string vendor)
    {
        await using var synthesizer = Open(vendor);
        for (var i = 0; i < 8; i++)
        {
            var stream = synthesizer.Begin();
            stream.Write("This is never heard to its end, whatever comes.", flush: true);
            await stream.Audio.WaitToReadAsync();
            await stream.DisposeAsync();
        }

        var (words, fault) = await SpeakAsync(synthesizer, s_chunks);
        fault.ShouldBeNull();
        words.ShouldBe(string.Concat(s_chunks).Split(' '));
    }

    [Fact]
    public async Task Alignments_name_every_character_in_its_place()
    {
        await using var synthesizer = Open("11labs");
        await using var stream = synthesizer.Begin();
        stream.Write("Hello there.", flush: true);
        stream.Complete();
        var text = "";
        await foreach (var piece in stream.Audio.ReadAllAsync())
        {
            if (piece.Alignment is { } alignment)
            {
                text += alignment.Text;
                alignment.StartMs.ShouldAllBe(ms => ms >= 0 && ms <= piece.MuLaw.Length / 8);
            }
        }

        text.Trim().ShouldBe("Hello there.");
    }

    [Fact]
    public async Task F9_refused_ends_at_once()
    {
        _eleven.Faults.Add(new SimulatorFault(SimulatorFaultKind.Refuse));
        await using var synthesizer = Open("11labs");
        var started = TimeProvider.System.GetTimestamp();
        (await SpeakAsync(synthesizer, s_chunks)).Fault.ShouldNotBeNull();
        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromMilliseconds(700));
    }

    [Theory]
    [InlineData(SocketFaultKind.Stall)]
    [InlineData(SocketFaultKind.Reset)]
    [InlineData(SocketFaultKind.Close)]
    public async Task F9_cut_or_stalled_in_mid_sentence_ends_with_what_was_spoken_and_the_next_one_is_whole(SocketFaultKind kind)
    {
        _eleven.SocketFaults.Add(new SocketFault(kind) { After = TimeSpan.FromSeconds(1), For = TimeSpan.FromSeconds(8), Times = 1 });
        await using var synthesizer = Open("11labs");
        var (words, fault) = await SpeakAsync(synthesizer, s_chunks);
        fault.ShouldNotBeNull();
        words.ShouldBe(string.Concat(s_chunks).Split(' ')[..words.Count]);
        _eleven.SocketFaults.Clear();
        (words, fault) = await SpeakAsync(synthesizer, s_chunks);
        fault.ShouldBeNull();
        words.ShouldBe(string.Concat(s_chunks).Split(' '));
    }

    [Fact]
    public async Task F9_Aura_that_stalls_when_all_text_was_flushed_is_noticed()
    {
        _deepgram.SocketFaults.Add(new SocketFault(SocketFaultKind.Silent) { After = TimeSpan.FromSeconds(1), Times = 1 });
        await using var synthesizer = Open("deepgram");
        (await SpeakAsync(synthesizer, s_chunks)).Fault!.Fault.ShouldBe(ProviderFault.TimedOut);
        (await SpeakAsync(synthesizer, s_chunks)).Fault.ShouldBeNull();
    }

    [Fact]
    public async Task F9_a_bad_key_that_the_upgrade_accepted_is_told()
    {
        _eleven.SocketFaults.Add(new SocketFault(SocketFaultKind.InvalidKey));
        await using var synthesizer = Open("11labs");
        (await SpeakAsync(synthesizer, s_chunks)).Fault!.Fault.ShouldBe(ProviderFault.Authentication);
    }

    [Theory]
    [InlineData(SocketFaultKind.LateAudio)]
    [InlineData(SocketFaultKind.EmptyAudio)]
    [InlineData(SocketFaultKind.MissingFinal)]
    public async Task What_the_vendor_does_wrong_in_small_things_is_not_heard(SocketFaultKind kind)
    {
        _eleven.SocketFaults.Add(new SocketFault(kind));
        await using var synthesizer = Open("11labs");
        for (var i = 0; i < 2; i++)
        {
            var (words, fault) = await SpeakAsync(synthesizer, s_chunks);
            fault.ShouldBeNull();
            words.ShouldBe(string.Concat(s_chunks).Split(' '));
        }
    }

    private static async Task<(List<string> Words, ProviderException? Fault)> SpeakAsync(ISynthesizer synthesizer, IEnumerable<string> chunks)
    {
        await using var stream = synthesizer.Begin();
        foreach (var chunk in chunks)
        {
            stream.Write(chunk, flush: true);
        }

        stream.Complete();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        var reader = new AudibleTextReader();
        var words = new List<string>();
        ProviderException? fault = null;
        try
        {
            await foreach (var piece in stream.Audio.ReadAllAsync(limit.Token))
            {
                words.AddRange(reader.Push(piece.MuLaw.Span).Where(static w => w.IsWhole).Select(static w => w.Text));
            }
        }
        catch (ProviderException failure)
        {
            fault = failure;
        }

        words.AddRange(reader.Push(Enumerable.Repeat(MuLaw.Silence, 1600).ToArray()).Where(static w => w.IsWhole).Select(static w => w.Text));
        return (words, fault);
    }

    private ISynthesizer Open(string vendor) => vendor == "11labs"
        ? new ElevenLabsSynthesizers(new VendorOptions { BaseUrl = _eleven.Url, ApiKey = _eleven.ApiKey }, _connector, _options, TimeProvider.System).Open(new VoiceModel("11labs", "EXAVITQu4vr4xnSDxMaL") { Stability = 0.5 })
        : new AuraSynthesizers(new VendorOptions { BaseUrl = _deepgram.Url, ApiKey = _deepgram.ApiKey }, _connector, _options, TimeProvider.System).Open(new VoiceModel("deepgram", "aura-2-thalia-en"));
}
