using System.Text;
using ToolBackend.Testing;
using ToolBackend.Testing.Mutation;
using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Providers.Sockets;
using ToolBackend.Voice.Transcription;
using ToolBackend.Voice.Transcription.AssemblyAi;
using ToolBackend.Voice.Transcription.Deepgram;

namespace ToolBackend.Voice.Tests.Transcription;

public sealed class TranscriberMessageMutationTests
{
    private static readonly SocketRequest s_request = new("deepgram", new Uri("ws://127.0.0.1/"), "Authorization", "Token x");
    private static readonly DeafnessRule s_rule = new(TimeSpan.FromSeconds(1), null, false);

    private static readonly string[] s_flux =
    [
        """{"type":"Connected","request_id":"uuid","sequence_id":0}""",
        """{"type":"TurnInfo","request_id":"uuid","sequence_id":11,"event":"EndOfTurn","turn_index":0,"audio_window_start":0.0,"audio_window_end":1.5,"transcript":"Hello, how are you?","words":[{"word":"Hello,","confidence":0.95,"start":0.08,"end":0.4}],"end_of_turn_confidence":0.86,"trigger":"model"}""",
        """{"type":"TurnInfo","event":"EagerEndOfTurn","turn_index":1,"audio_window_end":2.5,"transcript":"caf\u00e9 \"x\"","words":[],"end_of_turn_confidence":0.5}""",
        """{"type":"Error","sequence_id":14,"code":"INTERNAL_SERVER_ERROR","description":"..."}""",
    ];

    private static readonly string[] s_nova =
    [
        """{"type":"Results","channel_index":[0,1],"duration":3.1,"start":12.08,"is_final":true,"speech_final":false,"channel":{"alternatives":[{"transcript":"This is the","confidence":0.957,"words":[{"word":"this","start":14.08,"end":14.4,"confidence":0.957,"punctuated_word":"This"}]}]},"metadata":{"request_id":"b5a3"},"from_finalize":false}""",
        """{"type":"SpeechStarted","channel":[0,1],"timestamp":9.54}""",
        """{"type":"UtteranceEnd","channel":[0,1],"last_word_end":2.395}""",
        """{"type":"Metadata","transaction_key":"deprecated","duration":44.26,"channels":1,"models":["m"],"model_info":{"m":{"name":"n"}}}""",
    ];

    private static readonly string[] s_assembly =
    [
        """{"type":"Begin","id":"3f0c","expires_at":1764178000}""",
        """{"type":"Turn","turn_order":0,"turn_is_formatted":false,"end_of_turn":false,"transcript":"hi my","utterance":"","end_of_turn_confidence":0.4,"words":[{"text":"hi","word_is_final":true,"start":1,"end":2,"confidence":0.9},{"text":"my","word_is_final":true,"start":2,"end":3,"confidence":0.9},{"text":"na","word_is_final":false,"start":3,"end":4,"confidence":0.5}]}""",
        """{"type":"Turn","turn_order":1,"turn_is_formatted":true,"end_of_turn":true,"transcript":"Hi, my name.","utterance":"Hi, my name.","end_of_turn_confidence":0.8,"words":[]}""",
        """{"type":"Termination","audio_duration_seconds":4,"session_duration_seconds":5}""",
        """{"error":"Unauthorized"}""",
    ];

    [Fact]
    public void B3_broken_AssemblyAI_messages_are_refused_or_read_and_never_throw_anything_else() =>
        Break(() => new AssemblyAiProtocol(s_request, 480, s_rule, 0.4, early: true), s_assembly, 20261129);

    [Fact]
    public void B3_broken_Flux_messages_are_refused_or_read_and_never_throw_anything_else() =>
        Break(() => new FluxProtocol(s_request, 160, s_rule, 0.4), s_flux, 20261126);

    [Fact]
    public void B3_broken_nova_messages_are_refused_or_read_and_never_throw_anything_else() =>
        Break(() => new NovaProtocol(s_request, 160, s_rule, 0.4), s_nova, 20261127);

    private static void Break(Func<TranscriberProtocol> open, string[] messages, int seed)
    {
        var mutator = new JsonMutator(seed);
        var sink = new TranscriptSink();
        var protocol = open();
        var (read, refused, faults, events) = (0, 0, 0, 0);
        for (var i = 0; i < LongForm.Count(3_000, 500_000); i++)
        {
            var body = mutator.Mutate(Encoding.UTF8.GetBytes(messages[i % messages.Length]));
            sink.Begin(i);
            try
            {
                if (protocol.Read(body, sink))
                {
                    read++;
                }
                else
                {
                    refused++;
                }

                events += sink.Events.Count;
                sink.Events.ShouldAllBe(e => e.Confidence >= 0 && e.Confidence <= 1 && e.Text == e.Text.Trim());
            }
            catch (ProviderException fault)
            {
                fault.Code!.Length.ShouldBeLessThanOrEqualTo(64, $"seed {seed}, message {i}");
                faults++;
                protocol = open();
            }
            catch (Exception failure) when (failure is not ShouldAssertException)
            {
                throw new InvalidOperationException($"seed {seed}, message {i}: {Encoding.UTF8.GetString(body)}", failure);
            }
        }

        read.ShouldBeGreaterThan(100);
        refused.ShouldBeGreaterThan(100);
        events.ShouldBeGreaterThan(0);
        (read + refused + faults).ShouldBe(LongForm.Count(3_000, 500_000));
    }
}
