using System.Text;
using ToolBackend.Vapi.Calls;
using ToolBackend.Vapi.Messages;
using ToolBackend.Vapi.Tests.Messages;

namespace ToolBackend.Vapi.Tests.Calls;

public class MessageIdTests
{
    private static Guid IdOf(byte[] body) => Reads.Bytes(body)!.ToStore!.Event.MessageId;

    private static Guid IdOf(string json) => IdOf(Encoding.UTF8.GetBytes(json));

    [Fact]
    public void A_redelivery_has_the_id_of_its_first_delivery_and_no_two_samples_share_one()
    {
        var ids = new Dictionary<Guid, string>();
        foreach (var name in Samples.Names)
        {
            var body = Samples.Bytes(name);
            var message = VapiMessageReader.Read(body);
            if (VapiEventReader.Read(body, message, Reads.ReceivedAt, ContentPolicy.Default)?.ToStore is not { } stored)
            {
                continue;
            }

            var again = VapiEventReader.Read(body.ToArray(), VapiMessageReader.Read(body), Reads.ReceivedAt.AddDays(3), ContentPolicy.Default)!.ToStore!;
            again.Event.MessageId.ShouldBe(stored.Event.MessageId, name);
            again.Event.SentAt.ShouldBe(stored.Event.SentAt, name);
            // Samples of one tool call in other shapes are the same call by its id.
            if (!name.StartsWith("tool-calls", StringComparison.Ordinal))
            {
                ids.TryAdd(stored.Event.MessageId, name).ShouldBeTrue(name);
            }
        }

        ids.Count.ShouldBeGreaterThan(20);
    }

    [Fact]
    public void Another_content_time_type_or_call_is_another_message()
    {
        const string body = """{"message":{"type":"hang","timestamp":1763632810123,"call":{"id":"c"},"x":1}}""";

        new[] { body, body.Replace("\"x\":1", "\"x\":2"), body.Replace("0123", "0124"), body.Replace("hang", "user-interrupted"), body.Replace("\"c\"", "\"d\"") }
            .Select(IdOf).Distinct().Count().ShouldBe(5);
    }

    [Fact]
    public void What_is_stored_has_no_part_in_it()
    {
        var body = Samples.Bytes("end-of-call-report-full.json");

        Reads.Bytes(body, new ContentPolicy { StoreContent = false })!.ToStore!.Event.MessageId.ShouldBe(IdOf(body));
    }

    [Theory]
    [InlineData("tool-calls-parallel.json")]
    [InlineData("function-call.json")]
    [InlineData("assistant-request.json")]
    [InlineData("transfer-destination-request.json")]
    [InlineData("handoff-destination-request.json")]
    public void A_sighting_and_a_full_reading_are_one_message(string sample) =>
        VapiEventReader.Sighting(Samples.Read(sample), Reads.ReceivedAt)!.Event.MessageId.ShouldBe(IdOf(Samples.Bytes(sample)));

    [Fact]
    public void Sightings_differ_by_tool_call_and_where_there_is_no_id_by_what_was_asked()
    {
        const string call = """{"message":{"type":"tool-calls","timestamp":1763632810123,"call":{"id":"c"},"toolCallList":[{"id":"t1","name":"f","arguments":{"x":1}}]}}""";
        const string legacy = """{"message":{"type":"function-call","call":{"id":"c"},"functionCall":{"name":"f","parameters":{"x":1}}}}""";
        const string handoff = """{"message":{"type":"handoff-destination-request","call":{"id":"c"},"parameters":{"reason":"billing"}}}""";

        new[] { call, call.Replace("t1", "t2"), legacy, legacy.Replace("\"x\":1", "\"x\":2"), legacy.Replace("\"f\"", "\"g\""), handoff, handoff.Replace("billing", "sales") }
            .Select(IdOf).Distinct().Count().ShouldBe(7);
    }
}
