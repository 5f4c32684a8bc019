namespace ToolBackend.Load.Voice;

/// <summary>What one row measured; times in milliseconds.</summary>
/// <param name="Turn">From the transcriber's last word (final or EndOfTurn) sent to the first audio received by the caller.</param>
/// <param name="Silence">From the caller's last sound to that audio.</param>
/// <param name="Greeting">From the stream's start to the first audio of the greeting.</param>
internal sealed record VoiceRow(
    string Assistant, int Calls, int Turns, int Lost, IReadOnlyList<double> Turn, IReadOnlyList<double> Silence, IReadOnlyList<double> Greeting, double CpuSecondsPerCallMinute, double KilobytesPerCall,
    int Underruns)
{
    public static double At(IReadOnlyList<double> sorted, double share) => sorted.Count == 0 ? double.NaN : sorted[Math.Min(sorted.Count - 1, (int)Math.Ceiling(share * sorted.Count) - 1 is var i and >= 0 ? i : 0)];
}
