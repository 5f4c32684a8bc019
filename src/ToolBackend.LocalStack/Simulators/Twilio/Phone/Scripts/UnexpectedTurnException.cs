namespace ToolBackend.LocalStack.Simulators.Twilio.Phone.Scripts;

/// <summary>The agent did not say or do what a script expects; the message says what was expected and what was heard.</summary>
public sealed class UnexpectedTurnException(string message) : Exception(message);
