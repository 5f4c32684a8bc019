using ToolBackend.Core.Calls.Orders;

namespace ToolBackend.Voice.FrontDoor.Orders;

/// <summary>What became of an order.</summary>
/// <param name="Reason">Of one that was not done, a word: <see cref="OrderReasons"/>.</param>
internal sealed record OrderOutcome(OrderState State, string? Side, string? CallRef, string? Reason)
{
    public static OrderOutcome Done { get; } = new(OrderState.Done, null, null, null);

    public static OrderOutcome Placed(string side, string callRef) => new(OrderState.Done, side, callRef, null);

    public static OrderOutcome Failed(string reason) => new(OrderState.Failed, null, null, reason);

    public static OrderOutcome Unknown(string reason) => new(OrderState.Unknown, null, null, reason);
}
