using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ToolBackend.Core.Calls.Orders;
using ToolBackend.Testing;

namespace ToolBackend.Api.Tests.Operator.Calls;

/// <summary><c>POST /calls</c>, with the test in the place of the Voice hosts.</summary>
public sealed class PlaceCallTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private CallOrderStore Orders => api.Node.Services.GetRequiredService<CallOrderStore>();

    [Fact]
    public async Task A_call_that_was_placed_is_told_with_its_id_and_the_same_key_places_no_other()
    {
        var key = Guid.NewGuid().ToString();
        var asking = AskAsync(key);
        var order = await TakeAsync();
        order.Read<PlaceRequest>().ShouldBe(new PlaceRequest("receptionist", "+12065550142", "+12065550100"));
        await Orders.SettleAsync(order.Id, OrderState.Done, "pipeline", "CA7", null, Cancellation);
        using var placed = await asking;
        placed.StatusCode.ShouldBe(HttpStatusCode.Created);
        placed.Headers.Location!.ToString().ShouldBe("/calls/CA7");
        var call = await placed.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        (call.GetProperty("key").GetString(), call.GetProperty("state").GetString(), call.GetProperty("side").GetString(), call.GetProperty("callId").GetString()).ShouldBe((key, "done", "pipeline", "CA7"));

        using var again = await AskAsync(key);
        again.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await Orders.TakeAsync(Cancellation)).ShouldBeNull();
        (await api.Operator.GetFromJsonAsync<JsonElement>($"/calls/placed/{key}", Cancellation)).ToString().ShouldBe(call.ToString());
        using var other = await AskAsync(key, to: "+12065550143");
        other.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData(OrderState.Failed, OrderReasons.CarrierAway, HttpStatusCode.BadGateway, "was not placed: Twilio cannot be reached")]
    [InlineData(OrderState.Failed, OrderReasons.NoAssistant, HttpStatusCode.BadRequest, "no assistant of this name")]
    [InlineData(OrderState.Failed, OrderReasons.LineNeeded, HttpStatusCode.BadRequest, "Name the line")]
    [InlineData(OrderState.Unknown, OrderReasons.VapiSilent, HttpStatusCode.GatewayTimeout, "may have been placed: Vapi did not answer")]
    public async Task What_was_not_placed_is_told_apart_from_what_may_have_been(OrderState state, string reason, HttpStatusCode status, string said)
    {
        var asking = AskAsync(Guid.NewGuid().ToString());
        await Orders.SettleAsync((await TakeAsync()).Id, state, null, null, reason, Cancellation);
        using var answer = await asking;
        answer.StatusCode.ShouldBe(status);
        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldContain(said);
    }

    [Fact]
    public async Task Without_a_Voice_host_the_answer_says_where_to_ask_later_and_the_order_expires()
    {
        var key = Guid.NewGuid().ToString();
        using var answer = await AskAsync(key);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        answer.Headers.Location!.ToString().ShouldBe($"/calls/placed/{key}");
        await api.QueryAsync($"update call_order set expires_at = now() - interval '1 second' where idempotency_key = 'place {key}'");
        (await Orders.TakeAsync(Cancellation)).ShouldBeNull();
        var late = await api.Operator.GetFromJsonAsync<JsonElement>($"/calls/placed/{key}", Cancellation);
        (late.GetProperty("state").GetString(), late.GetProperty("reason").GetString()).ShouldBe(("failed", "expired"));
    }

    [Theory]
    [InlineData("", "+12065550142", null, "k", "assistant")]
    [InlineData("receptionist", "nobody", null, "k", "to")]
    [InlineData("receptionist", "+266696687", null, "k", "to")] // what carriers write for a withheld number
    [InlineData("receptionist", "+12065550142", "home", "k", "from")]
    [InlineData("receptionist", "+12065550142", null, "a key with spaces", "Idempotency-Key")]
    public async Task What_cannot_be_used_is_named_and_nothing_is_ordered(string assistant, string to, string? from, string key, string named)
    {
        using var answer = await AskAsync(key, assistant, to, from);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("errors").TryGetProperty(named, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task A_key_that_nobody_used_is_not_found()
    {
        using var answer = await api.Operator.GetAsync("/calls/placed/nobody-used-it", Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<HttpResponseMessage> AskAsync(string key, string assistant = "receptionist", string to = "+1 206 555 0142", string? from = "+12065550100")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/calls") { Content = JsonContent.Create(new { assistant, to, from }) };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return await api.Operator.SendAsync(request, Cancellation);
    }

    private async Task<CallOrder> TakeAsync()
    {
        CallOrder? order = null;
        await Eventually.IsTrueAsync(async () => (order = await Orders.TakeAsync(Cancellation)) is not null, TimeSpan.FromSeconds(10), "no order was given");
        return order!;
    }
}
