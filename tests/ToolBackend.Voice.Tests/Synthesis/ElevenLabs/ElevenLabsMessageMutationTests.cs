using System.Text;
using ToolBackend.Testing;
using ToolBackend.Testing.Mutation;
using ToolBackend.Voice.Synthesis.ElevenLabs;

namespace ToolBackend.Voice.Tests.Synthesis.ElevenLabs;

public sealed class ElevenLabsMessageMutationTests
{
    private const int Seed = 20261128;

    private static readonly string[] s_messages =
    [
        """{"audio":"AQIDBAUGBwg=","isFinal":null,"alignment":{"chars":["H","i"," ","\ud83d\ude80"],"charStartTimesMs":[0,60,120,130],"charDurationsMs":[60,60,40,1]},"normalizedAlignment":{"chars":[" ","H"],"charStartTimesMs":[0,0],"charDurationsMs":[0,60]},"contextId":"u1"}""",
        """{"isFinal":true,"contextId":"u1"}""",
        """{"message":"Maximum simultaneous contexts per WebSocket connection exceeded (5).","error":"max_active_conversations","code":1008}""",
    ];

    [Fact]
    public void B3_broken_messages_are_refused_or_read_and_never_throw()
    {
        var mutator = new JsonMutator(Seed);
        var (read, aligned) = (0, 0);
        for (var i = 0; i < LongForm.Count(3_000, 500_000); i++)
        {
            var body = mutator.Mutate(Encoding.UTF8.GetBytes(s_messages[i % s_messages.Length]));
            try
            {
                if (ElevenLabsMessageReader.TryRead(body, out var message))
                {
                    read++;
                    if (message.Alignment is { } alignment)
                    {
                        aligned++;
                        alignment.StartMs.Count.ShouldBe(alignment.Text.Length);
                        alignment.StartMs.ShouldAllBe(static ms => ms >= 0 && ms <= 600_000);
                    }

                    if (message.Error is { } error)
                    {
                        ElevenLabsFault.Error(error).Code!.Length.ShouldBeLessThanOrEqualTo(64);
                    }
                }
            }
            catch (Exception failure) when (failure is not ShouldAssertException)
            {
                throw new InvalidOperationException($"seed {Seed}, message {i}: {Encoding.UTF8.GetString(body)}", failure);
            }
        }

        read.ShouldBeGreaterThan(100);
        aligned.ShouldBeGreaterThan(10);
    }
}
