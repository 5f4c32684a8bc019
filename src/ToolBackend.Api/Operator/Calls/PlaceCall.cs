using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using ToolBackend.Core.Calls;
using ToolBackend.Core.Calls.Orders;
using ToolBackend.Core.Speech;

namespace ToolBackend.Api.Operator.Calls;

public sealed record PlaceCallBody(
    [property: Description("Name of the assistant in the definitions.")] string Assistant,
    [property: Description("Who is called, such as +12065550142.")] string To,
    [property: Description("Our line, such as +12065550100. Default: the one line of the assistant, or the only one there is.")] string? From);

/// <summary>A call that was asked for, and what became of it.</summary>
public sealed record PlacedCall(
    [property: Description("Asked again with it, the same call is meant: it is never placed twice.")] string Key,
    [property: Description("waiting, taken, done, failed (certainly not placed) or unknown (perhaps placed).")] string State,
    [property: Description("Who talks: vapi or pipeline; null while it is not placed.")] string? Side,
    [property: Description("Vapi's id of the call, or the carrier's, for GET /calls/{id}.")] string? CallId,
    [property: Description("Why not: a word.")] string? Reason)
{
    internal static PlacedCall Of(string key, CallOrder order) => new(key, order.State.ToString().ToLowerInvariant(), order.Side, order.CallRef, order.Reason);
}

/// <summary><c>POST /calls</c>: calls somebody, through Vapi or the own pipeline; <c>GET /calls/placed/{key}</c>: what became of it.</summary>
internal static class PlaceCall
{
    private const string KeyHeader = "Idempotency-Key";
    private const int MostKey = 100, MostName = 100;

    /// <summary>Longer than a Voice host takes, unless Vapi hangs.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(150);

    public static void MapPlaceCall(this RouteGroupBuilder operatorApi)
    {
        operatorApi.MapPost("/calls", HandleAsync)
            .WithName("placeCall")
            .WithSummary("Calls somebody.")
            .WithDescription("201: placed; it rings. 202: a Voice host still works on it, ask GET /calls/placed/{key}. 409: the key was used for another call. 502: not placed. 504: it is not known whether it was placed.");
        operatorApi.MapGet("/calls/placed/{key}", FindAsync)
            .WithName("getPlacedCall")
            .WithSummary("What became of a call that was asked for, up to 30 days ago.");
    }

    private static async Task<Results<Created<PlacedCall>, Accepted<PlacedCall>, ValidationProblem, ProblemHttpResult>> HandleAsync(
        CallOrderStore orders, HttpContext http, TimeProvider time, PlaceCallBody body,
        [FromHeader(Name = KeyHeader), Description("At most 100 letters, digits and -_.:; the same key means the same call. Default: a new one.")] string? idempotencyKey, CancellationToken aborted)
    {
        var read = new QueryReader();
        if (body.Assistant is not { Length: > 0 and <= MostName })
        {
            read.Refuse("assistant", "The name of an assistant of the definitions.");
        }

        if (!PhoneNumber.TryParse(body.To, out var to) || WithheldNumbers.Contains(to))
        {
            read.Refuse("to", "A number such as +12065550142.");
        }

        PhoneNumber from = default;
        if (body.From is { Length: > 0 } && !PhoneNumber.TryParse(body.From, out from))
        {
            read.Refuse("from", "A number such as +12065550100.");
        }

        var key = idempotencyKey is { Length: > 0 } ? idempotencyKey : Guid.CreateVersion7(time.GetUtcNow()).ToString();
        if (!IsKey(key))
        {
            read.Refuse(KeyHeader, "At most 100 letters, digits and -_.:");
        }

        if (read.HasErrors)
        {
            return read.Problem();
        }

        var request = new PlaceRequest(body.Assistant!, to.E164, from.E164 is { Length: > 0 } line ? line : null);
        var (receipt, order) = await orders.GiveAsync(NewOrder.Of(NameOf(key), OrderKind.Place, null, request, OperatorKey.IdOf(http)), aborted);
        if (order is null)
        {
            return receipt is OrderReceipt.KeyReused
                ? TypedResults.Problem("This Idempotency-Key was used for another call.", statusCode: StatusCodes.Status409Conflict)
                : TypedResults.Problem("Too many calls wait to be placed: no Voice host takes them.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        return Answer(key, await SettledAsync(orders, order, time, aborted));
    }

    private static async Task<Results<Ok<PlacedCall>, ProblemHttpResult>> FindAsync(CallOrderStore orders, [Description("The Idempotency-Key that the call was asked for with.")] string key, CancellationToken aborted) =>
        IsKey(key) && await orders.FindAsync(NameOf(key), aborted) is { } order ? TypedResults.Ok(PlacedCall.Of(key, order)) : TypedResults.Problem("No call was asked for with this key.", statusCode: StatusCodes.Status404NotFound);

    /// <summary>The order when it is settled, or as it is when the patience is over. The work goes on without us.</summary>
    private static async Task<CallOrder> SettledAsync(CallOrderStore orders, CallOrder order, TimeProvider time, CancellationToken aborted)
    {
        for (var began = time.GetTimestamp(); !order.IsSettled && time.GetElapsedTime(began) < s_patience;)
        {
            await Task.Delay(s_look, time, aborted);
            order = await orders.FindAsync(order.Key, aborted) ?? order;
        }

        return order;
    }

    private static Results<Created<PlacedCall>, Accepted<PlacedCall>, ValidationProblem, ProblemHttpResult> Answer(string key, CallOrder order)
    {
        var placed = PlacedCall.Of(key, order);
        return order.State switch
        {
            OrderState.Done => TypedResults.Created($"/calls/{Uri.EscapeDataString(order.CallRef ?? "")}", placed),
            OrderState.Failed when order.Reason is OrderReasons.NoAssistant => Refused("assistant", "The definitions of the Voice hosts have no assistant of this name."),
            OrderState.Failed when order.Reason is OrderReasons.LineNeeded => Refused("from", "Name the line to call from: the assistant has not exactly one."),
            OrderState.Failed => TypedResults.Problem($"The call was not placed: {Sentence(order.Reason)}.", statusCode: StatusCodes.Status502BadGateway),
            OrderState.Unknown => TypedResults.Problem($"The call may have been placed: {Sentence(order.Reason)}. It is not tried again with this key.", statusCode: StatusCodes.Status504GatewayTimeout),
            _ => TypedResults.Accepted($"/calls/placed/{Uri.EscapeDataString(key)}", placed),
        };
    }

    private static ValidationProblem Refused(string member, string rule)
    {
        var read = new QueryReader();
        read.Refuse(member, rule);
        return read.Problem();
    }

    private static string Sentence(string? reason) => reason switch
    {
        OrderReasons.NoCarrier => "the Voice hosts have no Twilio account",
        OrderReasons.Refused => "Twilio refuses it (a number it cannot call, or a line that is not the account's)",
        OrderReasons.CarrierAway => "Twilio cannot be reached",
        OrderReasons.Expired => "no Voice host took it in time",
        OrderReasons.VapiSilent => "Vapi did not answer, and cannot be asked what it did",
        OrderReasons.CarrierSilent => "Twilio did not answer",
        _ => "the host that worked on it is gone",
    };

    private static string NameOf(string key) => "place " + key;

    private static bool IsKey(string key) => key.Length is > 0 and <= MostKey && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':');
}
