using System.ComponentModel.DataAnnotations;

namespace ToolBackend.Voice.Synthesis.Kept;

/// <summary>Section <c>Voice:SpeechCache</c>: sentences that are said again and again.</summary>
public sealed class SpeechCacheOptions
{
    /// <summary>Bytes of audio that this process keeps; beyond it what was not used for longest goes. Default 64 MiB (over two hours of speech), limit 1 MiB to 1 GiB.</summary>
    [Range(1 << 20, 1 << 30)]
    public int LocalBytes { get; set; } = 64 << 20;

    /// <summary>Bytes of one sentence above which it is not kept, here or in Redis. Default 1 MiB (two minutes), limit 16 KiB to 8 MiB.</summary>
    [Range(16 << 10, 8 << 20)]
    public int SentenceBytes { get; set; } = 1 << 20;

    /// <summary>Days that a sentence stays in Redis; it is made again after that. Default 30, limit 1 to 365.</summary>
    [Range(1, 365)]
    public int SharedDays { get; set; } = 30;

    /// <summary>Make the fixed sentences of the assistants that take calls before the first call needs them. Default true.</summary>
    public bool PrepareAtStart { get; set; } = true;

    /// <summary>Sentences that are made at once while preparing, each over a connection of its own. Default 2, limit 1 to 16.</summary>
    [Range(1, 16)]
    public int PrepareAtOnce { get; set; } = 2;
}
