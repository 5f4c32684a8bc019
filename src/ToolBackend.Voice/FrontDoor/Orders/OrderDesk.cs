using ToolBackend.Core.Calls.Orders;
using ToolBackend.Core.Observability;
using ToolBackend.Core.Resilience;

namespace ToolBackend.Voice.FrontDoor.Orders;

/// <summary>Takes orders one by one, as many at once as <see cref="MostAtOnce"/>, and writes down what became of each. When the host stops, those that it took are carried to their end.</summary>
internal sealed partial class OrderDesk(CallOrderStore orders, OutboundCaller outbound, LineControl line, TimeProvider time, ILogger<OrderDesk> logger) : BackgroundService
{
    private const int MostAtOnce = 8;

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);

    /// <summary>For one order: Vapi, a look for what it did, and Twilio.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(40);

    private static readonly TimeSpan s_writing = TimeSpan.FromSeconds(10);

    private bool _isLost;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var look = new PeriodicTimer(s_look, time);
        var working = new List<Task>();
        try
        {
            while (await look.WaitForNextTickAsync(stoppingToken))
            {
                working.RemoveAll(task => task.IsCompleted);
                while (working.Count < MostAtOnce && await TakeAsync(stoppingToken) is { } order)
                {
                    working.Add(CarryOutAsync(order));
                }
            }
        }
        finally
        {
            await Task.WhenAll(working);
        }
    }

    private async Task<CallOrder?> TakeAsync(CancellationToken cancellation)
    {
        try
        {
            var order = await orders.TakeAsync(cancellation);
            _isLost = false;
            return order;
        }
        catch (UpstreamException e)
        {
            if (!_isLost)
            {
                LogLost(e.Failure);
            }

            _isLost = true;
            return null;
        }
    }

    /// <summary>Owner of one order's work: it ends by its deadline, and never fails.</summary>
    private async Task CarryOutAsync(CallOrder order)
    {
        using var limit = new Deadline(s_limit, time, CancellationToken.None);
        OrderOutcome outcome;
        try
        {
            outcome = order.Kind switch
            {
                OrderKind.Place => await outbound.PlaceAsync(order, limit.Token),
                OrderKind.Forward => await line.ForwardAsync(order),
                _ => await line.HangUpAsync(order),
            };
        }
        catch (OperationCanceledException)
        {
            outcome = OrderOutcome.Unknown(OrderReasons.HostLost);
        }

        Telemetry.CallOrders.Add(
            1, new KeyValuePair<string, object?>(Telemetry.Tag.Command, order.Kind.ToString().ToLowerInvariant()),
            new KeyValuePair<string, object?>(Telemetry.Tag.Outcome, outcome.Reason ?? outcome.Side ?? "done"));
        LogDone(order.Kind, order.CallSid ?? outcome.CallRef, outcome.State, outcome.Reason ?? outcome.Side);
        using var writing = new Deadline(s_writing, time, CancellationToken.None);
        try
        {
            await orders.SettleAsync(order.Id, outcome.State, outcome.Side, outcome.CallRef, outcome.Reason, writing.Token);
        }
        catch (Exception e) when (e is UpstreamException or OperationCanceledException)
        {
            LogUnsettled(order.Kind, order.CallSid ?? outcome.CallRef);
        }
    }

    [LoggerMessage(3653, LogLevel.Information, "{Kind} of call {CallRef}: {State} ({Word})")]
    private partial void LogDone(OrderKind kind, string? callRef, OrderState state, string? word);

    [LoggerMessage(3654, LogLevel.Warning, "Orders of calls cannot be read now ({Failure}): transfers that Vapi delegates and outbound calls wait")]
    private partial void LogLost(UpstreamFailure failure);

    [LoggerMessage(3655, LogLevel.Warning, "{Kind} of call {CallRef} is done, and cannot be written down: who asked will read that it is not known")]
    private partial void LogUnsettled(OrderKind kind, string? callRef);
}
