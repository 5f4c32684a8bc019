namespace ToolBackend.LocalStack.Simulators.Deepgram;

/// <summary>When Flux ends a turn.</summary>
/// <param name="Eager">Null: no eager events.</param>
/// <param name="TimeoutMilliseconds">Of silence.</param>
internal sealed record FluxThresholds(double EndOfTurn, double? Eager, int TimeoutMilliseconds);
