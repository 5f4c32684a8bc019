namespace ToolBackend.LocalStack.Simulators.Twilio.Phone.Scripts;

/// <summary>What the caller said, and what they then heard.</summary>
/// <param name="Said">Null for the greeting.</param>
/// <param name="Heard">Words as written, whatever was played of them; empty when nothing was.</param>
/// <param name="Silence">From the caller's last sound (from the stream's start for the greeting) to the first audio received; null when none came.</param>
/// <param name="Speech">From that audio to the last word that was heard, pauses included.</param>
/// <param name="WasInterrupted">The caller spoke before the agent was done.</param>
public sealed record CallTurn(string? Said, string Heard, TimeSpan? Silence, TimeSpan Speech, bool WasInterrupted);
