using ToolBackend.Load.Driver;

namespace ToolBackend.Load.Bench;

/// <summary>
/// One line of the table: p50, p99, throughput and costs are medians over the rounds, p99.9, maximum and errors come from all of them.
/// </summary>
/// <param name="OfRaw">Throughput as a share of raw Kestrel's in the same round (closed loop), median; null where there is no such.</param>
internal sealed record Figures(
    string Row, string Mode, double PerSecond, double P50, double P99, double P999, double Max, long Requests, long Errors, long Taken,
    double AllocatedPerRequest, double CpuMicrosPerRequest, double? OfRaw, double? CpuOfRaw, double DriverLatenessP99, string? FirstError)
{
    public static Figures Of(BenchRow row, Mode mode, IReadOnlyDictionary<(string Row, string Mode), List<Sample>> all)
    {
        var samples = all[(row.Name, mode.Name)];
        var latency = Latencies.Merge(samples.Select(s => s.Run.Latency));
        var raw = row.Yardstick is not null && all.TryGetValue((row.Yardstick, mode.Name), out var found) ? found : null;
        return new Figures(
            row.Name, mode.Name, Median(samples, s => s.Run.PerSecond), Median(samples, s => s.Run.Latency.Percentile(0.5)), Median(samples, s => s.Run.Latency.Percentile(0.99)),
            latency.Percentile(0.999), latency.MaxMilliseconds, samples.Sum(s => s.Run.Requests), samples.Sum(s => s.Run.Errors), samples.Sum(s => s.Run.Taken),
            Median(samples, s => s.AllocatedPerRequest), Median(samples, s => s.CpuMicrosPerRequest),
            raw is null || mode.Rate is not null ? null : Median([.. samples.Zip(raw)], p => p.First.Run.PerSecond / p.Second.Run.PerSecond),
            raw is null ? null : Median([.. samples.Zip(raw)], p => p.First.CpuMicrosPerRequest / p.Second.CpuMicrosPerRequest),
            Median(samples, s => s.Run.Lateness.Percentile(0.99)),
            samples.Select(s => s.Run.FirstError).FirstOrDefault(e => e is not null));
    }

    public static double Median<T>(IReadOnlyList<T> items, Func<T, double> of)
    {
        var sorted = items.Select(of).Order().ToList();
        return sorted.Count == 0 ? double.NaN : sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}

/// <summary>A figure beside the mark it should reach.</summary>
internal sealed record Mark(string What, double Value, string Unit, double Limit, bool AtLeast = false)
{
    public bool Passed => AtLeast ? Value >= Limit : Value <= Limit;
}
