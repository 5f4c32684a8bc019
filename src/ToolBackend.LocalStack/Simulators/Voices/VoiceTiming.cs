using ToolBackend.LocalStack.Simulators.Audio;

namespace ToolBackend.LocalStack.Simulators.Voices;

/// <summary>How a simulated voice generates audio.</summary>
public sealed record VoiceTiming
{
    /// <summary>From the text that triggers it to the first byte. Default 75 ms.</summary>
    public TimeSpan FirstByte { get; init; } = TimeSpan.FromMilliseconds(75);

    /// <summary>How many times faster than real time audio comes, after the first chunk. Default 10.</summary>
    public double Rate { get; init; } = 10;

    /// <summary>Audio in a chunk. Default 200 ms.</summary>
    public TimeSpan Chunk { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Silence before the first word of an utterance. Default 0.</summary>
    public TimeSpan LeadingSilence { get; init; }

    /// <summary>Audio for each character. Default <see cref="AudibleText.PerCharacter"/>.</summary>
    public TimeSpan PerCharacter { get; init; } = AudibleText.PerCharacter;

    /// <summary>What a text sounds like: 16-bit samples, 8,000 a second. Called on a pool thread; audio waits for it. Null (default): a soft tone as long as <see cref="PerCharacter"/> says.</summary>
    public Func<string, short[]>? Speech { get; init; }
}
