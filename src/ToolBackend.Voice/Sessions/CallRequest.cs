using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Hosting;
using ToolBackend.Voice.Twilio;

namespace ToolBackend.Voice.Sessions;

/// <summary>What is known of a call when its webhook comes, or its stream at another replica: who talks to whom, and what came before.</summary>
/// <param name="CallSid">The carrier's id of the call, which is also its id in the call log.</param>
/// <param name="Customer">The other side's number as the carrier gave it; anything that is no number counts as withheld.</param>
/// <param name="Line">Our own number.</param>
internal sealed record CallRequest(AssistantModel Assistant, string CallSid, string Customer, string Line)
{
    private const string AssistantParameter = "assistant", CustomerParameter = "from", LineParameter = "to", OutboundParameter = "outbound", MachineParameter = "machine";

    /// <summary>We called them.</summary>
    public bool IsOutbound { get; init; }

    /// <summary>An answering machine has answered: it gets a message, not a conversation.</summary>
    public bool IsMachine { get; init; }

    /// <summary>Twilio asks us because Vapi's own webhook has failed this call: it is not offered to Vapi again.</summary>
    public bool WasFailedByVapi { get; init; }

    /// <summary>Null for the first stream of a call.</summary>
    public Continuation? Before { get; init; }

    /// <summary>Of the stream, so that any replica can serve it. A token seals them.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters
    {
        get
        {
            List<KeyValuePair<string, string>> parameters = [new(AssistantParameter, Assistant.Key), new(CustomerParameter, Customer), new(LineParameter, Line)];
            if (IsOutbound)
            {
                parameters.Add(new(OutboundParameter, "1"));
            }

            if (IsMachine)
            {
                parameters.Add(new(MachineParameter, "1"));
            }

            if (Before is { } before)
            {
                parameters.AddRange(before.Parameters);
            }

            return parameters;
        }
    }

    /// <summary>Of a webhook: Twilio's caller is the customer, except where we placed the call.</summary>
    /// <param name="assistant">Named in the address; null, or one that this replica does not have: whom the line belongs to.</param>
    /// <returns>Null when nobody takes calls of that line.</returns>
    public static CallRequest? Of(SignedRequest request, string? assistant, Assistants assistants)
    {
        var isOutbound = request["Direction"].StartsWith("outbound", StringComparison.Ordinal);
        var (customer, line) = isOutbound ? (request["To"], request["From"]) : (request["From"], request["To"]);
        return (assistants.Find(assistant) ?? assistants.For(line)) is { } model
            ? new CallRequest(model, request["CallSid"], customer, line)
            {
                IsOutbound = isOutbound,
                IsMachine = isOutbound && request["AnsweredBy"].StartsWith("machine", StringComparison.Ordinal),
                WasFailedByVapi = request["ErrorUrl"] is { Length: > 0 } failed && !failed.Split('?', '#')[0].EndsWith(VoiceWebhook.Path, StringComparison.Ordinal), // else a host of ours has failed
            }
            : null;
    }

    /// <summary>Of a stream's parameters, which the token has sealed; null when this replica has no such assistant.</summary>
    public static CallRequest? Of(string callSid, IReadOnlyDictionary<string, string> parameters, Assistants assistants) =>
        assistants.Find(parameters.GetValueOrDefault(AssistantParameter)) is { } assistant
            ? new CallRequest(assistant, callSid, parameters.GetValueOrDefault(CustomerParameter, ""), parameters.GetValueOrDefault(LineParameter, ""))
            {
                IsOutbound = parameters.ContainsKey(OutboundParameter),
                IsMachine = parameters.ContainsKey(MachineParameter),
                Before = Continuation.Of(parameters),
            }
            : null;
}
