using System.ComponentModel.DataAnnotations;

namespace ToolBackend.Voice.Synthesis;

/// <summary>How vendors of synthesis are spoken to and when they are given up. Bound from <c>Synthesis</c>.</summary>
public sealed class SynthesisOptions
{
    /// <summary>For name, TCP, TLS and upgrade together. Default 2 s; 0.1 to 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:10")]
    public TimeSpan ConnectDeadline { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>From the first text that can be spoken to the first audio of an utterance, a connection that must be opened included. Default 0.7 s; 0.1 to 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:10")]
    public TimeSpan FirstByteDeadline { get; set; } = TimeSpan.FromSeconds(0.7);

    /// <summary>First audio that is later than this lets the next voice of a chain open its connection. Default 0.35 s; 0.05 to 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:10")]
    public TimeSpan SuspectAfter { get; set; } = TimeSpan.FromSeconds(0.35);

    /// <summary>Longest silence of the vendor while it owes audio. Default 1 s; 0.2 to 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.2", "00:00:10")]
    public TimeSpan StallDeadline { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>ElevenLabs closes what is idle for 180 s, and by default for 20 s. Default 12 s; 5 to 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:00:15")]
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(12);

    /// <summary>Audio that the vendor may be ahead of its reader, per utterance; beyond it the vendor waits. Default 60 s; 1 s to 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Ahead { get; set; } = TimeSpan.FromSeconds(60);
}
