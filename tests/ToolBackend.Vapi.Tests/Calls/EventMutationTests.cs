using System.Text;
using System.Text.Json;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Testing.Mutation;
using ToolBackend.Vapi.Calls;
using ToolBackend.Vapi.Messages;
using ToolBackend.Vapi.Tests.Messages;

namespace ToolBackend.Vapi.Tests.Calls;

public class EventMutationTests(ITestOutputHelper output)
{
    private const int Seed = 20261125;
    private const int Bodies = 20_000;

    private static readonly ContentPolicy[] Policies = [ContentPolicy.Default, new() { StoreContent = false }, new() { StoreHighFrequency = true, MaxBodyBytes = 2000 }];

    [Fact]
    public void B1_no_mutated_message_crashes_the_event_reader_and_all_that_it_gives_can_be_stored()
    {
        output.WriteLine($"seed {Seed}");
        var samples = Samples.Names.Select(Samples.Bytes).ToArray();
        var mutator = new JsonMutator(Seed);
        var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        int stored = 0, live = 0, unreadable = 0;
        for (var i = 0; i < Bodies; i++)
        {
            var body = mutator.Mutate(samples[i % samples.Length]);
            if (!VapiMessageReader.TryRead(body, out var message, out _))
            {
                continue;
            }

            var policy = Policies[i % Policies.Length];
            var read = VapiEventReader.Read(body, message, Reads.ReceivedAt, policy);
            VapiEventReader.Sighting(message, Reads.ReceivedAt);
            if (read is null)
            {
                continue;
            }

            (read.ToStore is null && read.Live is null).ShouldBeFalse();
            unreadable += read.Flaw == BodyFlaw.Unreadable ? 1 : 0;
            live += read.Live is null ? 0 : 1;
            if (read.ToStore is not { } toStore)
            {
                continue;
            }

            stored++;
            var @event = toStore.Event;
            @event.CallRef.Length.ShouldBeInRange(1, 128);
            @event.Type.Length.ShouldBeInRange(1, 128);
            @event.SentAt.Year.ShouldBeInRange(2015, 2100);
            string.Concat(@event.CallRef, @event.Type, @event.ProviderCallId).ShouldNotContain('\0');
            strict.GetBytes(@event.Type);
            var facts = Encoding.UTF8.GetString(@event.Facts.ToJson());
            CallFacts.Parse(facts).ToJson().ShouldBe(@event.Facts.ToJson());
            if (toStore.Body is { } kept)
            {
                kept.Length.ShouldBeLessThanOrEqualTo(policy.MaxBodyBytes);
                using var document = JsonDocument.Parse(kept);
                strict.GetString(kept).ShouldNotContain("\\u0000");
            }
        }

        output.WriteLine($"{stored} stored, {live} live, {unreadable} unreadable");
        stored.ShouldBeGreaterThan(Bodies / 4);
        unreadable.ShouldBeGreaterThan(50);
    }

    [Theory]
    [InlineData("\"artifact\":{\"a\" 1}")]
    [InlineData("\"artifact\":{\"a\":tru}")]
    [InlineData("\"x\":[1,,2]")]
    [InlineData("\"novelty\":{1:2}")]
    public void Of_a_message_that_is_only_balanced_the_answers_part_is_known(string members)
    {
        var body = Reads.Body("status-update", $"\"status\":\"ended\",\"endedReason\":\"customer-ended-call\",\"assistant\":{{\"name\":\"Desk\"}},{members}");

        var read = Reads.Bytes(body)!;
        read.Flaw.ShouldBe(BodyFlaw.Unreadable);
        read.ToStore!.Body.ShouldBeNull();
        read.ToStore.Event.Facts.Status.ShouldBe("ended");
        read.ToStore.Event.Facts.EndedReason.ShouldBe("customer-ended-call");
        read.ToStore.Event.Facts.Assistant!.Name.ShouldBe("Desk");
        read.ToStore.Event.MessageId.ShouldBe(Reads.Bytes(body)!.ToStore!.Event.MessageId);
    }

    [Fact]
    public void What_is_left_out_need_not_be_JSON() =>
        Reads.Message("hang", """ "assistant":{"name":"Desk","tools":[{1 2}]},"toolWithToolCallList":[{]} ]""".Replace("[{]} ]", "[{ : }]")).Flaw.ShouldBe(BodyFlaw.None);

    [Fact]
    public void A_live_moment_that_cannot_be_read_has_no_text()
    {
        var read = Reads.Message("voice-input", """ "input":"hello","x":{1:2} """);

        read.ToStore.ShouldBeNull();
        read.Live.ShouldBe(new LiveMoment(Reads.CallId, "voice-input", DateTimeOffset.FromUnixTimeMilliseconds(1763632810123), "assistant"));
    }

    [Fact]
    public void JSON_in_strings_without_end_is_not_followed_for_ever()
    {
        var text = "\"mark-8841\"";
        for (var i = 0; i < 8; i++)
        {
            text = JsonSerializer.Serialize($"{{\"a\":{text}}}");
        }

        var read = Reads.Message("brand.new", $"\"text\":{text}");
        read.Flaw.ShouldBe(BodyFlaw.None);
        read.Everything().ShouldNotContain("8841");
        Reads.Message("brand.new", $"\"text\":\"{string.Concat(Enumerable.Repeat("[{\\\"a\\\":", 500))}\"").Flaw.ShouldBe(BodyFlaw.None);
    }
}
