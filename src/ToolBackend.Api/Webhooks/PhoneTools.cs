using ToolBackend.Core.Calls;
using ToolBackend.Core.Calls.Orders;
using ToolBackend.Core.Tools;
using ToolBackend.Vapi.Control;
using ToolBackend.Vapi.Messages;

namespace ToolBackend.Api.Webhooks;

/// <summary>
/// <c>transferCall</c> and <c>endCall</c> that come as tool calls: Vapi leaves them to us where it does not own the call. A caller is connected to desks of the directory only, whatever number a model writes.
/// </summary>
public sealed class PhoneTools(PhoneControl control, RoutingDispatcher routing, TimeProvider time)
{
    /// <summary>For writing an order down, while a caller waits.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);

    public static bool IsOne(string? tool) => IsTransfer(tool) || tool is "endCall" or "end_call";

    public async ValueTask<ToolAnswer> RunAsync(VapiMessage message, VapiToolCall call)
    {
        using var limit = new CancellationTokenSource(s_limit, time);
        if (!IsTransfer(call.Name))
        {
            return await control.HangUpAsync(message, limit.Token) is true ? new ToolAnswer("The call is being ended.", false) : new ToolAnswer("The call cannot be ended from here. Say goodbye and let the caller hang up.", true);
        }

        var (desk, say) = await routing.DeskAsync(call.ArgumentError is ArgumentError.None ? call.Arguments : default, message);
        return desk is null ? new ToolAnswer(say, true)
            : await control.ForwardAsync(message, new ForwardRequest(desk.Number, message.Call?.Id ?? "", message.AssistantName), limit.Token) is true ? new ToolAnswer(say, false)
            : new ToolAnswer(DeskFinder.NotNow, true);
    }

    private static bool IsTransfer(string? tool) => tool is "transferCall" or "transfer_call";
}
