namespace ToolBackend.LocalStack.Simulators.ElevenLabs;

/// <summary>How the members of messages are spelt on one connection.</summary>
/// <param name="NotFinal">What <c>isFinal</c> is on audio: null, false, or (null here) not there.</param>
internal sealed record KeyStyle(string ContextId, string IsFinal, string Durations, string? NotFinal, bool HasFlushDone)
{
    public static KeyStyle Plain { get; } = new("contextId", "isFinal", "charDurationsMs", "null", HasFlushDone: false);

    /// <summary>Each of the styles in turn.</summary>
    public static KeyStyle Of(int number) => new(
        (number & 1) == 0 ? "context_id" : "contextId",
        (number & 2) == 0 ? "isFinal" : "is_final",
        (number & 4) == 0 ? "charDurationsMs" : "charsDurationsMs",
        (number % 3) switch { 0 => "null", 1 => "false", _ => null },
        HasFlushDone: (number & 1) == 0);
}
