using System.ComponentModel.DataAnnotations;

namespace ToolBackend.Voice.Transcription;

/// <summary>How transcribers are spoken to and when they are given up. Bound from <c>Transcription</c>.</summary>
public sealed class TranscriptionOptions
{
    /// <summary>Milliseconds of audio sent at once to Deepgram. Default 20, one frame of the telephone; 20 to 100. Larger pieces cost up to their length in latency and save work.</summary>
    [Range(20, 100)]
    public int PieceMilliseconds { get; set; } = 20;

    /// <summary>Milliseconds of audio sent at once to AssemblyAI, which refuses less than 50. Default 60; 60 to 200.</summary>
    [Range(60, 200)]
    public int AssemblyAiPieceMilliseconds { get; set; } = 60;

    /// <summary>For name, TCP, TLS and upgrade together. Default 2 s; 0.1 to 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:10")]
    public TimeSpan ConnectDeadline { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the last words are waited for at the end of a call. Default 1 s; 0 to 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:05")]
    public TimeSpan CloseDeadline { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Without audio for this long, nova is told that we are still there; it hangs up after 10 s. Default 4 s; 1 to 8 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:08")]
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>Audio flows and Flux, which speaks every 0.25 s, says nothing: it is deaf. Default 1.2 s; 0.6 to 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.6", "00:00:10")]
    public TimeSpan FluxDeafAfter { get; set; } = TimeSpan.FromSeconds(1.2);

    /// <summary>The same for nova, which speaks about every second. Default 2 s; 1.5 to 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01.5", "00:00:10")]
    public TimeSpan NovaDeafAfter { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The same for AssemblyAI, which is silent while the caller is: only audio that is loud enough for a voice counts. Default 6 s; 2 to 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:00:30")]
    public TimeSpan AssemblyAiDeafAfter { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>Flux and AssemblyAI greet a new connection at once; without that for this long while audio flows they are deaf. Default 0.7 s; 0.3 to 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.3", "00:00:05")]
    public TimeSpan GreetingDeadline { get; set; } = TimeSpan.FromSeconds(0.7);

    /// <summary>Silence after the last word for which nova reports the end of an utterance where its voice detection does not. Milliseconds, default 1000; 1000 to 5000 (Deepgram's limits).</summary>
    [Range(1000, 5000)]
    public int UtteranceEndMilliseconds { get; set; } = 1000;

    /// <summary>Audio given again to a new connection while nobody speaks. Default 2 s; 0 to 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan Replay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The same in the middle of a turn, so that it is heard whole. Default 10 s; 2 to 10 s, the length of the ring that is kept per call.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:00:10")]
    public TimeSpan ReplayInTurn { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>When no provider of the chain could hear for this long, the transcriber ends with the last fault. Default 20 s; 1 s to 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromSeconds(20);
}
