using ToolBackend.LocalStack.Simulators.Voices;

namespace ToolBackend.LocalStack.Simulators.Deepgram;

/// <summary>When the simulated Deepgram says what. Everything but the delays and time-outs is counted in audio received, not in time passed.</summary>
public sealed record DeepgramTiming
{
    /// <summary>Every message of a transcriber leaves so much later. Default 0.</summary>
    public TimeSpan ProcessingDelay { get; init; }

    /// <summary>Flux, with <c>eager_eot_threshold</c>: silence before EagerEndOfTurn. Default 100 ms.</summary>
    public TimeSpan EagerAfter { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Flux: silence before EndOfTurn. Default 250 ms. (v1 has <c>endpointing</c> in the query.)</summary>
    public TimeSpan EndOfTurnAfter { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Flux: an Update for so much audio. Default 250 ms.</summary>
    public TimeSpan UpdateEvery { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>v1: an interim for so much audio. Default 1 s.</summary>
    public TimeSpan InterimEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>v1: a final at the latest after so much audio. Default 4 s.</summary>
    public TimeSpan FinalEvery { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>v1, with <c>vad_events</c>: speech before SpeechStarted. Default 100 ms.</summary>
    public TimeSpan SpeechStartedAfter { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>v1: closed after so long without audio or KeepAlive. Default 10 s.</summary>
    public TimeSpan ListenIdle { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Flux: closed after so long without any message. Default 60 s. (Pings, which Deepgram counts too, are not seen here.)</summary>
    public TimeSpan FluxIdle { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Aura. Default: first byte 150 ms after the text that triggers it.</summary>
    public VoiceTiming Voice { get; init; } = new() { FirstByte = TimeSpan.FromMilliseconds(150) };
}
