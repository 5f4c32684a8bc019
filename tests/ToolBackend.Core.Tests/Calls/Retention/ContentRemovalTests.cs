using System.Text;
using System.Text.Json;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.Retention;

namespace ToolBackend.Core.Tests.Calls.Retention;

public sealed class ContentRemovalTests
{
    private const string Said = "SAID-BY-SOMEBODY";

    [Fact]
    public void Nothing_that_was_said_is_left_and_all_figures_are()
    {
        var facts = new CallFacts
        {
            Call = new CallIdentity("inboundPhoneCall", Customer: "+12065550142"),
            Status = "ended",
            EndedReason = "customer-ended-call",
            Utterance = new Utterance("user", Said),
            Conversation = [new Utterance("assistant", Said)],
            Tools = [new ToolCallFact("t1", "book_appointment", Result: Said)],
            Report = new ReportFacts
            {
                Cost = 0.4m,
                Success = "true",
                Summary = Said,
                StructuredOutputs = new Dictionary<string, JsonElement>(StringComparer.Ordinal) { ["Outcome"] = JsonDocument.Parse($"\"{Said}\"").RootElement },
                Recordings = new Dictionary<string, string>(StringComparer.Ordinal) { ["mono"] = $"https://example.com/{Said}" },
                Turns = [new TurnLatency(900)],
                UserInterruptions = 2,
            },
        };
        ContentRemoval.HasContent(facts).ShouldBeTrue();

        var left = ContentRemoval.Of(facts);
        ContentRemoval.HasContent(left).ShouldBeFalse();
        Encoding.UTF8.GetString(left.ToJson()).ShouldNotContain(Said);
        (left.Status, left.EndedReason, left.Call, left.Report!.Cost, left.Report.Success, left.Report.UserInterruptions, left.Report.Turns!.Count)
            .ShouldBe(("ended", "customer-ended-call", facts.Call, 0.4m, "true", 2, 1));
        left.Tools.ShouldBe([new ToolCallFact("t1", "book_appointment")]);
    }

    [Fact]
    public void A_member_that_facts_get_one_day_has_to_be_decided_about_here()
    {
        typeof(CallFacts).GetProperties().Select(p => p.Name).ShouldBe(
            ["Call", "Status", "EndedReason", "Assistant", "Utterance", "Conversation", "Tools", "Transfer", "Report", "Detail"], ignoreOrder: true);
        typeof(ReportFacts).GetProperties().Select(p => p.Name).ShouldBe(
            ["StartedAt", "EndedAt", "Cost", "CostBreakdown", "Summary", "Success", "StructuredOutputs", "Recordings", "Turns", "UserInterruptions", "AssistantInterruptions", "Transfers", "Assistants"],
            ignoreOrder: true);
    }
}
