using Microsoft.Extensions.Logging.Abstractions;
using ToolBackend.LocalStack.Simulators.AssemblyAi;
using ToolBackend.LocalStack.Simulators.Audio;
using ToolBackend.LocalStack.Simulators.Deepgram;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Sockets;
using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Providers.Sockets;
using ToolBackend.Voice.Tests.Transcription;
using ToolBackend.Voice.Transcription;
using ToolBackend.Voice.Transcription.AssemblyAi;
using ToolBackend.Voice.Transcription.Deepgram;
using static ToolBackend.Voice.Transcription.TranscriptKind;

namespace ToolBackend.Voice.Tests.Simulated;

/// <summary>A caller at the telephone's pace, the simulated vendors, and the whole chain between.</summary>
public sealed class TranscribersAgainstSimulatorsTests : IAsyncLifetime
{
    private const string Said = "hello I would like to move my cleaning from monday to thursday at four please";

    private static readonly FallbackSettings s_fallback = new() { EagerEndOfTurnThreshold = 0.4, Transcribers = [new ProviderLink("assembly-ai", "universal-streaming-english")] };

    private readonly VendorConnector _connector = new(TimeProvider.System);
    private readonly TranscriptionOptions _options = new();
    private DeepgramSimulator _deepgram = null!;
    private AssemblyAiSimulator _assembly = null!;

    public async ValueTask InitializeAsync()
    {
        _deepgram = await DeepgramSimulator.StartAsync();
        _assembly = await AssemblyAiSimulator.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _connector.Dispose();
        await _deepgram.DisposeAsync();
        await _assembly.DisposeAsync();
    }

    [Theory]
    [InlineData("flux-general-en", Over)]
    [InlineData("nova-3", Paused)]
    public async Task What_is_said_is_heard_word_for_word(string model, TranscriptKind end) => (await HearAsync(Model(model), end)).ShouldBe(Said, StringCompareShould.IgnoreCase);

    [Fact]
    public async Task AssemblyAi_hears_the_same()
    {
        (await HearAsync(new TranscriberModel("assembly-ai") { Model = "universal-streaming-english", ConfidenceThreshold = 0.4 }, Over)).ShouldBe(Said, StringCompareShould.IgnoreCase);
        _assembly.Connections.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("refuse")]
    [InlineData("401")]
    [InlineData("accepted, then silent")]
    [InlineData("closed in mid-word")]
    [InlineData("reset in mid-word")]
    [InlineData("stall of 2 s")]
    [InlineData("garbage")]
    public async Task F7_the_call_survives_and_at_most_one_word_is_lost(string fault)
    {
        switch (fault)
        {
            case "refuse":
                _deepgram.Faults.Add(new SimulatorFault(SimulatorFaultKind.Refuse));
                break;
            case "401":
                _deepgram.Faults.Add(new SimulatorFault(SimulatorFaultKind.Status) { Status = 401 });
                break;
            case "accepted, then silent":
                _deepgram.SocketFaults.Add(new SocketFault(SocketFaultKind.Silent) { Times = 1 });
                break;
            case "closed in mid-word":
                _deepgram.SocketFaults.Add(SocketFault.Net0000 with { After = TimeSpan.FromSeconds(2.33), Times = 1 });
                break;
            case "reset in mid-word":
                _deepgram.SocketFaults.Add(new SocketFault(SocketFaultKind.Reset) { After = TimeSpan.FromSeconds(2.33), Times = 1 });
                break;
            case "stall of 2 s":
                _deepgram.SocketFaults.Add(new SocketFault(SocketFaultKind.Stall) { After = TimeSpan.FromSeconds(1.5), For = TimeSpan.FromSeconds(2), Times = 1 });
                break;
            default:
                _deepgram.SocketFaults.Add(new SocketFault(SocketFaultKind.Garbage) { After = TimeSpan.FromSeconds(1.5), Times = 1 });
                break;
        }

        var heard = await HearAsync(Model("flux-general-en"), Over);
        var lost = Words(Said).Except(Words(heard), StringComparer.OrdinalIgnoreCase).Count();
        lost.ShouldBeLessThanOrEqualTo(1, heard);
        Words(heard).Length.ShouldBeLessThanOrEqualTo(Words(Said).Length, "nothing is heard twice");
    }

    private static string[] Words(string text) => [.. text.Split(' ').Select(static w => w.Trim('.', ',', '?'))];

    private static TranscriberModel Model(string model) => new("deepgram")
    {
        Model = model, EndOfTurnThreshold = 0.7, EndOfTurnTimeout = TimeSpan.FromSeconds(3), Endpointing = TimeSpan.FromMilliseconds(300), ConfidenceThreshold = 0.4,
    };

    /// <summary>The text of the first turn that is over.</summary>
    private async Task<string> HearAsync(TranscriberModel model, TranscriptKind end)
    {
        ITranscriberProvider[] providers =
        [
            new DeepgramTranscribers(new VendorOptions { BaseUrl = _deepgram.Url, ApiKey = _deepgram.ApiKey }, _connector, _options, TimeProvider.System),
            new AssemblyAiTranscribers(new VendorOptions { BaseUrl = _assembly.Url, ApiKey = _assembly.ApiKey }, _connector, _options, TimeProvider.System),
        ];
        await using var transcriber = new ResilientTranscribers(providers, new OpenGate(), _options, TimeProvider.System, NullLogger<ResilientTranscribers>.Instance).Open(model, s_fallback);
        using var stop = new CancellationTokenSource();
        var speaking = SpeakAsync(transcriber, stop.Token);
        var likely = (string?)null;
        try
        {
            while (true)
            {
                var heard = await Feed.NextAsync(transcriber.Events);
                (likely is null || heard.Kind is Resumed || (heard.Kind is Over && heard.Text == likely)).ShouldBeTrue($"{heard.Kind} came after LikelyOver");
                likely = heard.Kind is LikelyOver ? heard.Text : null;
                if (heard.Kind == end)
                {
                    return heard.Text;
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await speaking;
        }
    }

    private static async Task SpeakAsync(ITranscriber transcriber, CancellationToken until)
    {
        var silence = Enumerable.Repeat(MuLaw.Silence, MuLaw.FrameBytes).ToArray();
        byte[] call = [.. Enumerable.Repeat(silence, 15).SelectMany(static s => s), .. AudibleText.Encode(Said)];
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var at = 0; !until.IsCancellationRequested; at += MuLaw.FrameBytes)
        {
            transcriber.Write(at + MuLaw.FrameBytes <= call.Length ? call.AsSpan(at, MuLaw.FrameBytes) : silence);
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private sealed class OpenGate : IProviderGate
    {
        public bool IsOpen(string provider) => true;

        public void Report(string provider, ProviderFault? fault)
        {
            // Health across calls is another test's matter.
        }
    }
}
