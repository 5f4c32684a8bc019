using ToolBackend.Core.Calls.Events;
using ToolBackend.Vapi.Calls;
using ToolBackend.Vapi.Tests.Messages;

namespace ToolBackend.Vapi.Tests.Calls;

public class SightingTests
{
    [Fact]
    public void A_tool_call_is_sighted_with_its_ids_and_names_and_without_its_arguments()
    {
        var sighting = VapiEventReader.Sighting(Samples.Read("tool-calls-parallel.json"), Reads.ReceivedAt).ShouldNotBeNull();

        sighting.Body.ShouldBeNull();
        sighting.ControlUrl!.Value.Reveal().ShouldBe("https://cell-1.example.com/0d9c3f8e/control");
        sighting.Event.Kind.ShouldBe(CallEventKind.ToolCalls);
        sighting.Event.ProviderCallId.ShouldBe("CA0123456789abcdef0123456789abcdef");
        sighting.Event.SentAt.ShouldBe(DateTimeOffset.FromUnixTimeMilliseconds(1763632810123));
        var facts = sighting.Event.Facts;
        facts.Tools!.Count.ShouldBe(2);
        facts.Tools.ShouldAllBe(tool => tool.Result == null && tool.At == sighting.Event.SentAt && tool.Id.Length > 0);
        facts.Call!.CreatedAt.ShouldBe(new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero));
        facts.Assistant!.Name.ShouldBe("Front desk");
        foreach (var call in Samples.Read("tool-calls-parallel.json").ToolCalls)
        {
            foreach (var argument in call.Arguments.Json().AsObject())
            {
                sighting.Everything().ShouldNotContain(argument.Value!.ToString());
            }
        }
    }

    [Fact]
    public void A_legacy_call_without_an_id_is_named_after_its_message()
    {
        var sighting = VapiEventReader.Sighting(Samples.Read("function-call.json"), Reads.ReceivedAt)!;

        sighting.Event.Facts.Tools!.Single().Id.ShouldBe(sighting.Event.MessageId.ToString("N"));
    }

    [Fact]
    public void A_message_of_no_call_is_not_sighted()
    {
        VapiEventReader.Sighting(Samples.Read("campaign-predial.json"), Reads.ReceivedAt).ShouldBeNull();
        VapiEventReader.Sighting(Samples.ReadText("""{"message":{"type":"tool-calls","toolCallList":[]}}"""), Reads.ReceivedAt).ShouldBeNull();
    }

    [Fact]
    public void The_full_reading_of_a_tool_call_has_the_same_facts()
    {
        var sighting = VapiEventReader.Sighting(Samples.Read("tool-calls-parallel.json"), Reads.ReceivedAt)!;
        var read = Reads.Sample("tool-calls-parallel")!.ToStore!;

        read.Event.Facts.ToJson().ShouldBe(sighting.Event.Facts.ToJson());
        (read.Event with { Facts = CallFacts.None }).ShouldBe(sighting.Event with { Facts = CallFacts.None });
    }
}
