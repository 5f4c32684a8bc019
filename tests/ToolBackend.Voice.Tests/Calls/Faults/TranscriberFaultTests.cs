using ToolBackend.LocalStack.Simulators.Sockets;

namespace ToolBackend.Voice.Tests.Calls.Faults;

/// <summary>Deepgram fails while the caller speaks; AssemblyAI is behind it.</summary>
public sealed class TranscriberFaultTests(FaultFixture voice) : IClassFixture<FaultFixture>
{
    private const string Flux = "/v2/listen";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task F7_a_call_whose_transcriber_is_cut_in_mid_word_is_answered_at_every_turn()
    {
        var before = voice.Deepgram.Connections.Count + voice.AssemblyAi.Connections.Count;
        await voice.SurviveAsync(_ => voice.Deepgram.SocketFaults.Add(new SocketFault(SocketFaultKind.Reset) { Path = Flux, Open = true, Times = 0, After = TimeSpan.FromMilliseconds(500) }), Cancellation);
        (voice.Deepgram.Connections.Count + voice.AssemblyAi.Connections.Count - before).ShouldBeGreaterThanOrEqualTo(3); // the first, and another a turn
    }

    [Fact]
    public async Task F7_a_call_whose_transcriber_falls_silent_is_answered_at_every_turn()
    {
        var before = voice.Deepgram.Connections.Count + voice.AssemblyAi.Connections.Count;
        await voice.SurviveAsync(
            _ =>
            {
                voice.Deepgram.SocketFaults.Add(new SocketFault(SocketFaultKind.Silent) { Path = Flux, Open = true, Times = 0, After = TimeSpan.FromMilliseconds(500) });
                voice.AssemblyAi.SocketFaults.Add(new SocketFault(SocketFaultKind.Silent) { Open = true, Times = 0, After = TimeSpan.FromMilliseconds(500) });
            },
            Cancellation);
        (voice.Deepgram.Connections.Count + voice.AssemblyAi.Connections.Count - before).ShouldBeGreaterThan(1);
    }
}
