using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Sockets;

namespace ToolBackend.Voice.Tests.Calls.Faults;

/// <summary>The voice that speaks fails: ElevenLabs, and Deepgram's once it has taken over.</summary>
public sealed class SynthesizerFaultTests(FaultFixture voice) : IClassFixture<FaultFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task F9_a_call_whose_voice_is_refused_is_answered_at_every_turn_by_another()
    {
        var before = voice.Deepgram.Connections.Count;
        await voice.SurviveAsync(
            turn =>
            {
                var (faults, sockets, path) = turn % 2 == 1
                    ? (voice.ElevenLabs.Faults, voice.ElevenLabs.SocketFaults, "/v1/text-to-speech")
                    : (voice.Deepgram.Faults, voice.Deepgram.SocketFaults, "/v1/speak");
                faults.Add(new SimulatorFault(SimulatorFaultKind.Status) { Status = 503, Path = path });
                sockets.Add(new SocketFault(SocketFaultKind.Close) { Path = path, Open = true, Times = 0 });
            },
            Cancellation);
        voice.Deepgram.Connections.All.Skip(before).ShouldContain(c => c.Path == "/v1/speak");
    }

    [Fact]
    public async Task F9_a_reply_whose_voice_is_cut_in_mid_sentence_is_gone_on_with_and_no_more_than_a_sentence_is_heard_twice()
    {
        var before = voice.ElevenLabs.Connections.Count;
        await voice.SurviveAsync(_ => voice.ElevenLabs.SocketFaults.Add(new SocketFault(SocketFaultKind.Reset) { Open = true, Times = 0, After = TimeSpan.FromSeconds(1.2) }), Cancellation);
        (voice.ElevenLabs.Connections.Count - before).ShouldBeGreaterThan(2);
    }

    [Fact]
    public async Task F9_a_reply_whose_voice_falls_silent_in_mid_sentence_is_gone_on_with_by_another()
    {
        var before = voice.Deepgram.Connections.Count;
        await voice.SurviveAsync(
            turn =>
            {
                var stall = new SocketFault(SocketFaultKind.Silent) { Open = true, Times = 0, After = TimeSpan.FromSeconds(1.2) };
                (turn % 2 == 1 ? voice.ElevenLabs.SocketFaults : voice.Deepgram.SocketFaults).Add(turn % 2 == 1 ? stall : stall with { Path = "/v1/speak" });
            },
            Cancellation);
        voice.Deepgram.Connections.All.Skip(before).ShouldContain(c => c.Path == "/v1/speak");
    }
}
