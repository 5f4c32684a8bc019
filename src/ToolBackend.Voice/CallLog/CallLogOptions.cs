using System.ComponentModel.DataAnnotations;

namespace ToolBackend.Voice.CallLog;

/// <summary>Section <c>Voice:CallLog</c>.</summary>
public sealed class CallLogOptions
{
    /// <summary>Events that wait for Postgres, above which transcripts and other details are dropped and counted. Default 4096, limit 64 to 100000.</summary>
    [Range(64, 100_000)]
    public int MaxWaiting { get; set; } = 4096;

    /// <summary>
    /// Events that wait at most. Between <see cref="MaxWaiting"/> and this there is room for what must not be lost: how a call goes and its report, some four events a call. Default 65536, limit 128 to 1000000.
    /// </summary>
    [Range(128, 1_000_000)]
    public int MaxKept { get; set; } = 65_536;

    /// <summary>Bytes of waiting events above which details are dropped; twice as much is the most that is kept of anything. Default 64 MiB, limit 1 MiB to 1 GiB.</summary>
    [Range(1 << 20, 1 << 30)]
    public int MaxWaitingBytes { get; set; } = 64 << 20;

    /// <summary>Seconds in which what waits is stored when the host stops; what is left then is counted and lost. Default 5, limit 0 to 60.</summary>
    [Range(0, 60)]
    public int StopSeconds { get; set; } = 5;
}
