using ToolBackend.Core.Speech;

namespace ToolBackend.Core.Calls;

/// <summary>What the telephone network and the voice platform vouch for about the call that a tool runs in. Nothing here was written by the model.</summary>
/// <param name="CallId">The platform's id of the call; empty when the message had none (then no write is possible: there is nothing to make it idempotent).</param>
/// <param name="MessageId">Names one delivery of one message: two tool calls of the same message share it.</param>
/// <param name="Caller">The caller's number as the network gave it; null on web calls and withheld numbers.</param>
/// <param name="Line">The number that was called, if it is known.</param>
public sealed record CallContext(string CallId, string MessageId, PhoneNumber? Caller, PhoneNumber? Line)
{
    /// <summary>Whose records this call may touch.</summary>
    public CallerScope Scope { get; } = new(Caller);
}
