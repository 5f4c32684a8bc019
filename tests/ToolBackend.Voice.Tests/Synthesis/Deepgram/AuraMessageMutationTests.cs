using System.Text;
using ToolBackend.Testing;
using ToolBackend.Testing.Mutation;
using ToolBackend.Voice.Synthesis.Deepgram;

namespace ToolBackend.Voice.Tests.Synthesis.Deepgram;

public sealed class AuraMessageMutationTests
{
    private const int Seed = 20261130;

    private static readonly string[] s_messages =
    [
        """{"type":"Flushed","sequence_id":3}""",
        """{"type":"Cleared","sequence_id":4}""",
        """{"type":"Metadata","request_id":"uuid","model_name":"aura-2-thalia-en","model_version":"2025"}""",
        """{"type":"Error","description":"Rate limit","code":"TOO_MANY_REQUESTS"}""",
        """{"type":"Warning","description":"Text buffer exceeded","code":"EXCESSIVE_TEXT"}""",
    ];

    [Fact]
    public void B3_broken_Aura_messages_are_refused_or_read_and_never_throw()
    {
        var mutator = new JsonMutator(Seed);
        var (read, refused, known) = (0, 0, 0);
        var count = LongForm.Count(3_000, 500_000);
        for (var i = 0; i < count; i++)
        {
            var body = mutator.Mutate(Encoding.UTF8.GetBytes(s_messages[i % s_messages.Length]));
            try
            {
                if (AuraMessage.TryRead(body, out var message))
                {
                    read++;
                    known += message.Kind is AuraKind.Other ? 0 : 1;
                }
                else
                {
                    refused++;
                }
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed {Seed}, message {i}: {Encoding.UTF8.GetString(body)}", failure);
            }
        }

        (read + refused).ShouldBe(count);
        refused.ShouldBeGreaterThan(100);
        known.ShouldBeGreaterThan(100);
    }
}
