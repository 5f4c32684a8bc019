using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ToolBackend.Core.Calls.Orders;

namespace ToolBackend.Api.Tests.Webhooks;

/// <summary>Transfers and ends that Vapi leaves to us become orders to the Voice hosts.</summary>
public sealed class PhoneControlTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private CallOrderStore Orders => api.Node.Services.GetRequiredService<CallOrderStore>();

    [Fact]
    public async Task A_transfer_is_ordered_with_all_that_Vapi_says_of_it_and_a_redelivery_changes_nothing()
    {
        var (message, callSid) = Control("forward");
        message["assistant"] = new JsonObject { ["name"] = "receptionist" };
        message["destination"] = JsonNode.Parse("""{"type":"number","number":"+1 (206) 555-0110","callerId":"+12065550100","extension":"7","transferPlan":{"mode":"warm-transfer-say-message","message":"Ana has a question.","dialTimeout":12}}""");
        (await api.Node.PostAsync(message)).Status.ShouldBe(HttpStatusCode.OK);
        (await api.Node.PostAsync(message)).Status.ShouldBe(HttpStatusCode.OK);
        var order = await TakeAsync();
        (order.Kind, order.CallSid).ShouldBe((OrderKind.Forward, callSid));
        order.Read<ForwardRequest>().ShouldBe(new ForwardRequest("+12065550110", (string)message["call"]!["id"]!, "receptionist") { CallerId = "+12065550100", Extension = "7", Warm = "Ana has a question.", RingSeconds = 12 });
        (await Orders.TakeAsync(Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_hang_up_is_ordered()
    {
        var (message, callSid) = Control("hang-up");
        (await api.Node.PostAsync(message)).Status.ShouldBe(HttpStatusCode.OK);
        var order = await TakeAsync();
        (order.Kind, order.CallSid).ShouldBe((OrderKind.HangUp, callSid));
    }

    [Theory]
    [InlineData("forward", """{"type":"number","number":"home"}""")]
    [InlineData("forward", """{"type":"sip","sipUri":"https://example.com"}""")]
    [InlineData("forward", """{"type":"assistant","assistantName":"dispatcher"}""")]
    [InlineData("forward", "[]")]
    [InlineData("dance", "{}")]
    public async Task What_is_not_understood_is_acknowledged_and_orders_nothing(string request, string destination)
    {
        var (message, _) = Control(request);
        message["destination"] = JsonNode.Parse(destination);
        (await api.Node.PostAsync(message)).Status.ShouldBe(HttpStatusCode.OK);
        (await Orders.TakeAsync(Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_call_that_is_none_of_the_carrier_s_orders_nothing()
    {
        var message = Message.Of("phone-call-control", caller: null);
        message["request"] = "hang-up";
        (await api.Node.PostAsync(message)).Status.ShouldBe(HttpStatusCode.OK);
        (await Orders.TakeAsync(Cancellation)).ShouldBeNull();
    }

    [Theory]
    [InlineData("transferCall", """{"destination":"billing"}""")]
    [InlineData("transfer_call", """{"destination":"+19005550100","number":"+19005550100"}""")] // a model's number is not dialled
    public async Task A_transfer_that_comes_as_a_tool_call_goes_to_a_desk_of_the_directory(string tool, string arguments)
    {
        var message = Message.ToolCalls($$"""[{"id":"t1","name":"{{tool}}","arguments":{{arguments}}}]""");
        message["call"]!["phoneCallProviderId"] = "CA" + Message.NewId();
        var result = (await api.Node.PostAsync(message)).Results.ShouldHaveSingleItem();
        var desks = ((string)(await api.QueryAsync("select string_agg(number, ' ') from desk"))!).Split(' ');
        if (result["result"] is { } said)
        {
            said.GetValue<string>().ShouldStartWith("One moment, I'm connecting you to ");
            desks.ShouldContain((await TakeAsync()).Read<ForwardRequest>().To);
        }
        else
        {
            result["error"]!.GetValue<string>().ShouldContain("Nobody is there"); // by the clock of the test
        }
    }

    [Fact]
    public async Task An_end_that_comes_as_a_tool_call_is_ordered_once_with_the_hang_up_that_follows_it()
    {
        var (message, callSid) = Control("hang-up");
        var tool = Message.ToolCalls("""[{"id":"t1","name":"endCall","arguments":{}}]""");
        tool["call"]!["phoneCallProviderId"] = callSid;
        (await api.Node.PostAsync(tool)).Results.ShouldHaveSingleItem()["result"]!.GetValue<string>().ShouldBe("The call is being ended.");
        (await api.Node.PostAsync(message)).Status.ShouldBe(HttpStatusCode.OK);
        (await TakeAsync()).Kind.ShouldBe(OrderKind.HangUp);
        (await Orders.TakeAsync(Cancellation)).ShouldBeNull();
    }

    private static (JsonObject Message, string CallSid) Control(string request)
    {
        var message = Message.Of("phone-call-control");
        var callSid = "CA" + Message.NewId();
        (message["request"], message["call"]!["phoneCallProviderId"]) = (request, callSid);
        return (message, callSid);
    }

    private async Task<CallOrder> TakeAsync() => (await Orders.TakeAsync(Cancellation)).ShouldNotBeNull();
}
