using ToolBackend.LocalStack.Simulators.Voices;

namespace ToolBackend.LocalStack.Simulators.ElevenLabs;

/// <summary>How the simulated ElevenLabs behaves.</summary>
public sealed record ElevenLabsSimulatorOptions
{
    public const string DefaultApiKey = "simelevenlabskey00000000000000000000000001";

    /// <summary>0 (default): one that the kernel chooses. Always 127.0.0.1.</summary>
    public int Port { get; init; }

    public string ApiKey { get; init; } = DefaultApiKey;

    /// <summary>Voices that exist. Null (default): any.</summary>
    public IReadOnlyList<string>? Voices { get; init; }

    /// <summary>Default: first byte after 75 ms, then 10 times real time in chunks of 200 ms.</summary>
    public VoiceTiming Timing { get; init; } = new();

    /// <summary>From the end of a closed context's audio to its final, which frees its slot. Default 100 ms.</summary>
    public TimeSpan FinalAfter { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Contexts of a socket. Default 5, the vendor's limit.</summary>
    public int MostContexts { get; init; } = 5;

    /// <summary>
    /// Names of members differ from connection to connection, as the vendor's own documents do (<c>contextId</c> or <c>context_id</c>, <c>isFinal</c> or <c>is_final</c>,
    /// <c>charDurationsMs</c> or <c>charsDurationsMs</c>). False: always the first of each. Default true.
    /// </summary>
    public bool VariesKeys { get; init; } = true;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
