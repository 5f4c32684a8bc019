namespace ToolBackend.Load.Driver;

internal enum Verdict
{
    AsExpected,

    /// <summary>A booking that lost to another: right, but not a booking.</summary>
    Taken,
    Wrong,
}

/// <summary>What is sent and what must come back.</summary>
/// <param name="Port">Loopback port of the server.</param>
/// <param name="Request">The n-th request, whole; null when there are no more.</param>
/// <param name="Judge">Looks at the answer's body.</param>
internal sealed record Workload(int Port, Func<long, byte[]?> Request, Func<ReadOnlySpan<byte>, Verdict> Judge);

/// <summary>How it is sent: closed loop (a lane sends when its answer came) or open loop (at times that no answer can delay).</summary>
/// <param name="Lanes">Connections; for the open loop, the most there may be.</param>
/// <param name="Rate">Arrivals per second of the open loop, null for the closed one.</param>
internal sealed record Mode(string Name, int Lanes, double? Rate)
{
    public static Mode One { get; } = new("1 connection", 1, null);

    public static Mode Many { get; } = new("32 connections", 32, null);

    public static Mode Open(double rate) => new($"open loop {rate:0}/s", 256, rate);
}

/// <summary>What one run showed.</summary>
/// <param name="Lateness">How far behind its schedule the open-loop driver itself sent; part of every latency.</param>
internal sealed record RunResult(TimeSpan Elapsed, Latencies Latency, Latencies Lateness, long Errors, long Taken, string? FirstError)
{
    public long Requests => Latency.Count;

    public double PerSecond => Requests / Elapsed.TotalSeconds;
}
