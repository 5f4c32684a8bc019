namespace ToolBackend.LocalStack.Simulators.Language.Faults;

public enum StreamFaultKind
{
    /// <summary>200 and headers, then nothing.</summary>
    Silent,

    /// <summary>The first token comes later, by <see cref="StreamFault.Delay"/>.</summary>
    SlowFirstToken,

    /// <summary>Pauses for <see cref="StreamFault.Delay"/> after <see cref="StreamFault.AfterTokens"/>.</summary>
    Stall,

    /// <summary>The connection is reset after <see cref="StreamFault.AfterTokens"/>.</summary>
    Cut,

    /// <summary>The body ends in order after <see cref="StreamFault.AfterTokens"/>, without finish_reason and [DONE].</summary>
    EndEarly,

    /// <summary>Everything is sent but [DONE].</summary>
    NoDone,

    /// <summary>An error object after <see cref="StreamFault.AfterTokens"/>, then the end.</summary>
    ErrorInStream,

    /// <summary>A broken piece of JSON after <see cref="StreamFault.AfterTokens"/>, then the stream goes on.</summary>
    Garbage,

    /// <summary>The arguments of every tool call are cut in half. Answers without tool calls are served.</summary>
    TruncatedArguments,

    /// <summary>400 tool_use_failed. Requests without tools are served.</summary>
    ToolUseFailed,

    /// <summary>tool_use_failed as an event after 200. Requests without tools are served.</summary>
    ToolUseFailedInStream,

    /// <summary>All tokens that were allowed go into reasoning: no text, finish_reason length.</summary>
    ReasoningEatsAll,
}

/// <summary>What happens to the answer of a request that was accepted. Refusals, hangs and error statuses are <see cref="Http.SimulatorFault"/>s.</summary>
public sealed record StreamFault(StreamFaultKind Kind)
{
    /// <summary>Tokens that are sent before it. Default 3.</summary>
    public int AfterTokens { get; init; } = 3;

    /// <summary>Default 5 s.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Null: every vendor.</summary>
    public SimulatedVendor? Vendor { get; init; }

    /// <summary>So many requests are let through first. Default 0.</summary>
    public int After { get; init; }

    /// <summary>So many requests are hit, then no more. Null: until cleared.</summary>
    public int? Times { get; init; }

    internal bool Concerns(CompletionRequest request) =>
        (Vendor is null || Vendor == request.Vendor)
        && (Kind is not (StreamFaultKind.ToolUseFailed or StreamFaultKind.ToolUseFailedInStream) || request.Tools.Count > 0);
}
