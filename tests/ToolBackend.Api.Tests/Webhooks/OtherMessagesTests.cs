using System.Net;
using System.Text.Json.Nodes;
using ToolBackend.Core.Data.Seeding;

namespace ToolBackend.Api.Tests.Webhooks;

/// <summary>Messages that are neither tool calls nor routed: the legacy function call, hand-over, and everything that is only told.</summary>
public sealed class OtherMessagesTests(PatientApi api) : IClassFixture<PatientApi>
{
    [Theory]
    [InlineData("parameters")]
    [InlineData("arguments")]
    public async Task B7_the_legacy_function_call_is_answered_in_its_old_shape(string member)
    {
        var message = Message.Of("function-call");
        message["functionCall"] = new JsonObject { ["name"] = "track_shipment", [member] = JsonNode.Parse(Message.Track) };
        var answer = (await api.Node.PostAsync(message)).Json.AsObject();
        answer.ShouldHaveSingleItem().Key.ShouldBe("result");
        answer["result"]!.GetValue<string>().ShouldContain("Northwind Books");
    }

    [Fact]
    public async Task A_legacy_write_is_refused_because_nothing_makes_it_idempotent()
    {
        var message = Message.Of("function-call");
        message["functionCall"] = new JsonObject { ["name"] = "change_delivery", ["parameters"] = JsonNode.Parse("""{"trackingNumber":"TB1042","safePlace":"the shed"}""") };
        (await api.Node.PostAsync(message)).Json["result"]!.GetValue<string>().ShouldContain("can't make changes on this call");
        (await api.QueryAsync("select count(*) from delivery_change")).ShouldBe(0L);
    }

    [Fact]
    public async Task Equal_calls_without_ids_of_two_callers_never_share_an_answer()
    {
        // Without ids nothing tells two deliveries apart, and joining them would tell one caller the other's appointments.
        byte[] Body(string caller)
        {
            var message = Message.Of("function-call", caller);
            message["call"]!.AsObject().Remove("id");
            message["functionCall"] = new JsonObject { ["name"] = "change_delivery", ["parameters"] = JsonNode.Parse("""{"safePlace":"the shed"}""") };
            return message.Bytes();
        }

        for (var i = 0; i < 20; i++)
        {
            var both = await Task.WhenAll(api.Node.PostAsync(Body(DemoSeed.CallerPhone)), api.Node.PostAsync(Body(DemoSeed.OtherCallerPhone)));
            both[0].Text.ShouldNotContain("Puget Audio");
            both[1].Text.ShouldNotContain("Cascade Outfitters");
        }
    }

    [Fact]
    public async Task A_function_call_without_a_function_gets_a_sentence()
    {
        (await api.Node.PostAsync(Message.Of("function-call"))).Json["result"]!.GetValue<string>().ShouldBe("There is no such tool.");
    }

    [Fact]
    public async Task A_hand_over_is_refused_with_a_sentence_for_the_model()
    {
        var answer = (await api.Node.PostAsync(Message.Of("handoff-destination-request"))).Json.AsObject();
        answer.ShouldHaveSingleItem().Key.ShouldBe("error");
        answer["error"]!.GetValue<string>().ShouldNotBeNullOrWhiteSpace();
    }

    [Theory]
    [InlineData("status-update")]
    [InlineData("end-of-call-report")]
    [InlineData("conversation-update")]
    [InlineData("transcript[transcriptType=\"final\"]")]
    [InlineData("hang")]
    [InlineData("something.new")]
    [InlineData("")]
    [InlineData("\u202etype\ud83d\ude80")]
    public async Task What_is_only_told_is_answered_200_with_an_empty_object(string type)
    {
        var reply = await api.Node.PostAsync(Message.Of(type));
        reply.Status.ShouldBe(HttpStatusCode.OK);
        reply.Text.ShouldBe("{}");
    }
}
