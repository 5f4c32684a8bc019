namespace ToolBackend.LocalStack.Simulators.AssemblyAi;

/// <summary>How the simulated AssemblyAI behaves.</summary>
public sealed record AssemblyAiSimulatorOptions
{
    public const string DefaultApiKey = "simassemblyaikey0000000000000001";

    /// <summary>0 (default): one that the kernel chooses. Always 127.0.0.1.</summary>
    public int Port { get; init; }

    public string ApiKey { get; init; } = DefaultApiKey;

    /// <summary>From the upgrade to Begin. Default 50 ms.</summary>
    public TimeSpan BeginAfter { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>A partial Turn for so much audio with speech. Default 200 ms.</summary>
    public TimeSpan PartialEvery { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Received silence before <c>utterance</c> is told. Default 100 ms.</summary>
    public TimeSpan UtteranceAfter { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Every Turn leaves so much later. Default 0.</summary>
    public TimeSpan ProcessingDelay { get; init; }

    /// <summary>With <c>format_turns</c> the end comes twice, first as it was heard, then formatted. False: once, formatted. Default true.</summary>
    public bool SendsBothFinals { get; init; } = true;

    /// <summary>How sure it is that a transcript is a whole turn, 0 to 1: below the threshold only <c>max_turn_silence</c> ends it. Null (default): 0.9.</summary>
    public Func<string, double>? Confidence { get; init; }

    /// <summary>Audio that may come ahead of real time before the session is closed with 3007. Default 1 s; null: any.</summary>
    public TimeSpan? MostAhead { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Closed with 3008 after it. Default 3 h.</summary>
    public TimeSpan LongestSession { get; init; } = TimeSpan.FromHours(3);

    /// <summary>Sessions that may begin in a minute; one more is closed with <see cref="TooManyStatus"/>. Null (default): any number.</summary>
    public int? SessionsPerMinute { get; init; }

    /// <summary>1008 (default) or 3009; the vendor's documents disagree.</summary>
    public int TooManyStatus { get; init; } = 1008;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
