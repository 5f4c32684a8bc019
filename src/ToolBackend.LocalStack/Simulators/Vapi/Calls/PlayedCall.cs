namespace ToolBackend.LocalStack.Simulators.Vapi.Calls;

/// <summary>One sending of a message with everything that came of it.</summary>
/// <param name="Copy">0, or 1 for a duplicate.</param>
/// <param name="Attempts">Empty when the message was lost on its way.</param>
/// <param name="Answer">Body of the last answer; empty when there was none.</param>
public sealed record Delivery(ScriptedMessage Message, int Copy, IReadOnlyList<WebhookAttempt> Attempts, byte[] Answer)
{
    /// <summary>Status of the last attempt; null when it had no answer or there was none.</summary>
    public int? Status => Attempts is [.., var last] ? last.Status : null;

    /// <summary>The webhook took it: 2xx in the end.</summary>
    public bool IsTaken => Status is >= 200 and < 300;
}

/// <summary>A call that was played to its end.</summary>
/// <param name="Deliveries">In the order of sending.</param>
/// <param name="Problems">Answers that Vapi would have tripped over, in words. Refused messages without a question are not among them.</param>
/// <param name="ToolResults">What the webhook said to each tool call, by its id.</param>
public sealed record PlayedCall(ScriptedCall Call, IReadOnlyList<Delivery> Deliveries, IReadOnlyList<string> Problems, IReadOnlyDictionary<string, string> ToolResults);
