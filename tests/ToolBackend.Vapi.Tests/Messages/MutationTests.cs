using System.Diagnostics;
using System.Text.Json;
using ToolBackend.Testing.Mutation;
using ToolBackend.Vapi.Messages;

namespace ToolBackend.Vapi.Tests.Messages;

public class MutationTests(ITestOutputHelper output)
{
    private const int Seed = 20261122;
    private const int Bodies = 20_000;

    [Fact]
    public void B1_mutated_bodies_never_crash_the_reader()
    {
        output.WriteLine($"seed {Seed}");
        var samples = Samples.Names.Select(Samples.Bytes).ToArray();
        var mutator = new JsonMutator(Seed);
        int read = 0, refused = 0, calls = 0;
        var slowest = TimeSpan.Zero;
        for (var i = 0; i < Bodies; i++)
        {
            var body = mutator.Mutate(samples[i % samples.Length]);
            var start = Stopwatch.GetTimestamp();
            if (VapiMessageReader.TryRead(body, out var message, out var error))
            {
                read++;
                calls += message.ToolCalls.Count;
                foreach (var call in message.ToolCalls)
                {
                    // Whatever came in, a tool gets one JSON object.
                    using var document = JsonDocument.Parse(call.Arguments);
                    document.RootElement.ValueKind.ShouldBe(JsonValueKind.Object);
                    message.ReadStaticParameters(call.Id).ShouldNotBeNull();
                }
            }
            else
            {
                refused++;
                error.Reason.ShouldNotBe(MalformedReason.None);
                error.Position.ShouldBeInRange(0, body.Length);
            }

            slowest = TimeSpan.FromTicks(Math.Max(slowest.Ticks, Stopwatch.GetElapsedTime(start).Ticks));
        }

        output.WriteLine($"{read} read, {refused} refused, {calls} tool calls, slowest {slowest.TotalMilliseconds:F1} ms");
        read.ShouldBeGreaterThan(Bodies / 10);
        refused.ShouldBeGreaterThan(Bodies / 10);
        slowest.ShouldBeLessThan(TimeSpan.FromMilliseconds(200));
    }

    [Fact]
    public void B1_what_a_full_parser_reads_is_what_the_leaping_reader_reads()
    {
        output.WriteLine($"seed {Seed}");
        var samples = Samples.Names.Select(Samples.Bytes).ToArray();
        var mutator = new JsonMutator(Seed + 1);
        var options = new JsonDocumentOptions { MaxDepth = 64, AllowDuplicateProperties = false };
        var compared = 0;
        for (var i = 0; i < Bodies / 4; i++)
        {
            var body = mutator.Mutate(samples[i % samples.Length]);
            JsonDocument document;
            try
            {
                document = JsonDocument.Parse(body, options);
            }
            catch (JsonException)
            {
                continue;
            }

            using (document)
            {
                if (document.RootElement.ValueKind == JsonValueKind.Object
                    && document.RootElement.TryGetProperty("message", out var expected) && expected.ValueKind == JsonValueKind.Object
                    && expected.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
                    && VapiMessageReader.TryRead(body, out var message, out _))
                {
                    message.Type.ShouldBe(type.GetString());
                    message.Call?.Id.ShouldBe(TextAt(expected, "call", "id"));
                    message.AssistantName.ShouldBe(TextAt(expected, "assistant", "name"));
                    message.PhoneNumber?.Number.ShouldBe(TextAt(expected, "phoneNumber", "number"));
                    compared++;
                }
            }
        }

        compared.ShouldBeGreaterThan(500);
    }

    private static string? TextAt(JsonElement message, string holder, string member) =>
        message.TryGetProperty(holder, out var found) && found.ValueKind == JsonValueKind.Object
        && found.TryGetProperty(member, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
