namespace ToolBackend.LocalStack;

/// <summary>Something on this machine keeps the local stack from working; the message says what, and what to do.</summary>
public sealed class LocalStackException(string message, Exception? inner = null) : Exception(message, inner);
