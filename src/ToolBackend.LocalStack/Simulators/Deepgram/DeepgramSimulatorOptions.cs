using ToolBackend.LocalStack.Simulators.Sockets;

namespace ToolBackend.LocalStack.Simulators.Deepgram;

/// <summary>How the simulated Deepgram behaves.</summary>
public sealed record DeepgramSimulatorOptions
{
    public const string DefaultApiKey = "simdeepgramkey000000000000000000000000001";

    /// <summary>0 (default): one that the kernel chooses. Always 127.0.0.1.</summary>
    public int Port { get; init; }

    public string ApiKey { get; init; } = DefaultApiKey;

    public DeepgramTiming Timing { get; init; } = new();

    /// <summary>Timing of one connection, asked when it opens. Null (default): all have <see cref="Timing"/>.</summary>
    public Func<SimulatedConnection, DeepgramTiming>? TimingOf { get; init; }

    /// <summary>
    /// How sure the transcriber is of a transcript, 0 to 1: <c>confidence</c> of v1 and, with Flux, <c>end_of_turn_confidence</c>. A turn whose confidence is
    /// below <c>eot_threshold</c> is ended by <c>eot_timeout_ms</c> only, and one below <c>eager_eot_threshold</c> has no eager end. Null (default): always sure enough.
    /// </summary>
    public Func<string, double>? Confidence { get; init; }

    /// <summary>False: an older deployment, to which <c>ForceEndTurn</c> is not known. Default true.</summary>
    public bool KnowsForceEndTurn { get; init; } = true;

    /// <summary>Whether <c>Finalize</c> is answered when nothing is buffered. Default false.</summary>
    public bool AnswersEmptyFinalize { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
