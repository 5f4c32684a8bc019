namespace ToolBackend.LocalStack.Simulators.Language;

/// <summary>How the simulated vendors of language models are set up.</summary>
public sealed record LanguageSimulatorOptions
{
    /// <summary>The key that all three accept when nothing else is said.</summary>
    public const string DefaultApiKey = "sim-language-key-0001";

    /// <summary>0 (default): one that the kernel chooses. Always 127.0.0.1.</summary>
    public int Port { get; init; }

    public string ApiKey { get; init; } = DefaultApiKey;

    public TokenTiming Timing { get; init; } = new();

    public WireForm Wire { get; init; } = new();

    /// <summary>What is answered, unless a script is set. Default: the rules of the simulated receptionist and dispatcher.</summary>
    public Func<CompletionRequest, CompletionAnswer>? Answers { get; init; }

    /// <summary>Of spread timings. Default 1.</summary>
    public int Seed { get; init; } = 1;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
