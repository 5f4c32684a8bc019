using System.Text.Json;

namespace ToolBackend.LocalStack.Stack;

/// <summary>What a newcomer can paste once the stack runs.</summary>
internal static class StackHints
{
    private static readonly JsonSerializerOptions OnOneLine = new(StackFile.Json) { WriteIndented = false };

    public static string For(StackFile stack) => $$$"""

        Ready. Ask as Vapi would, about a parcel of the demo data:

          curl -s {{{stack.Api.Url}}}/vapi/webhook -H 'X-Vapi-Secret: {{{stack.Secrets.VapiWebhook}}}' -H 'Content-Type: application/json' -d '{{{TrackShipment(stack.Demo)}}}'

        As the operator, see the tools:

          curl -s {{{stack.Api.Url}}}/tools -H 'Authorization: Bearer {{{stack.Secrets.OperatorKey}}}'

        The calls, and one while it goes on:

          ./dev cli calls list
          ./dev cli calls tail

        The assistants of vapi/ against the simulated Vapi:

          ./dev cli vapi plan --state postgres
          ./dev cli vapi apply --state postgres

        Call the receptionist, and read along:

          ./dev call receptionist --script booking

        The tool calls of a conversation:  ./dev demo
        State of the stack:                ./dev status
        Stop it:                           Ctrl-C here, or ./dev down anywhere

        """;

    /// <summary>A tool-calls message of Vapi, on one line.</summary>
    public static string TrackShipment(StackFile.DemoPart demo) =>
        JsonSerializer.Serialize(new
        {
            message = new
            {
                type = "tool-calls",
                call = new { id = "demo-1", customer = new { number = demo.CallerPhone } },
                toolCallList = new[]
                {
                    new { id = "t1", type = "function", function = new { name = "track_shipment", arguments = new { trackingNumber = demo.TrackingNumber } } },
                },
            },
        }, OnOneLine);
}
