using ToolBackend.Voice.Sessions;

namespace ToolBackend.Voice.Twilio;

/// <summary>The document that connects a call to our media socket, with what any replica needs to serve it, sealed by a one-time token.</summary>
internal sealed class StreamAnswer(TwilioGate gate, StreamTokens tokens)
{
    public string Connect(CallRequest call)
    {
        var parameters = call.Parameters;
        return TwiML.Connect(gate.SocketUrl(MediaEndpoint.Path), gate.HttpUrl($"{AfterStreamWebhook.Path}?leg={call.Before?.Leg ?? 1}&assistant={Uri.EscapeDataString(call.Assistant.Key)}"), [new(StreamTokens.Parameter, tokens.Mint(call.CallSid, parameters)), .. parameters]);
    }
}
