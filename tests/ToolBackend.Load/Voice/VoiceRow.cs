namespace ToolBackend.Load.Voice;

/// <summary>What one row measured; times in milliseconds, sorted.</summary>
internal sealed record VoiceRow
{
    /// <summary>Of a media message.</summary>
    public const double FrameMilliseconds = 20;

    /// <summary>Mu-law.</summary>
    public const double BytesPerMillisecond = 8;

    public required string Assistant { get; init; }

    public required int Calls { get; init; }

    /// <summary>Turns that were not answered.</summary>
    public required int Lost { get; init; }

    /// <summary>From the transcriber's last word (final or EndOfTurn) sent to the first audio received by the caller.</summary>
    public required IReadOnlyList<double> Turn { get; init; }

    /// <summary>Of it, what is neither a vendor's delay nor the model's time for the first clause: see <see cref="OwnShare"/>.</summary>
    public required IReadOnlyList<double> Own { get; init; }

    /// <summary>From the caller's last sound to that audio.</summary>
    public required IReadOnlyList<double> Silence { get; init; }

    /// <summary>From the stream's start to the first audio of the greeting.</summary>
    public required IReadOnlyList<double> Greeting { get; init; }

    /// <summary>From the transcriber's first words over us to the <c>clear</c> received by the caller.</summary>
    public required IReadOnlyList<double> Barge { get; init; }

    /// <summary>Times that audio of a reply came after its <c>clear</c>.</summary>
    public required int Stale { get; init; }

    /// <summary>Times that the caller's buffer ran dry in the middle of speech.</summary>
    public required int Underruns { get; init; }

    /// <summary>Of a call, on average: what the caller's line carried and no transcriber was given. What was on its way when they hung up is in it.</summary>
    public required double UnheardMilliseconds { get; init; }

    public required double CpuSecondsPerCallMinute { get; init; }

    /// <summary>Part of the processor time that the just-in-time compiler took.</summary>
    public required double CompilingShare { get; init; }

    public required double KilobytesPerCall { get; init; }

    public static double At(IReadOnlyList<double> sorted, double share) => sorted.Count == 0 ? double.NaN : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
}
