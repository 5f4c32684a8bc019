using ToolBackend.Load.Children;
using ToolBackend.Load.Driver;

namespace ToolBackend.Load.Bench;

/// <summary>One line of the table before it is measured.</summary>
/// <param name="Yardstick">Name of the row of raw Kestrel with the same body; null for that row itself.</param>
/// <param name="OpenRate">Arrivals per second of its open loop.</param>
/// <param name="Settle">Waits until what a stretch left to be done is done, so that the next one is not charged for it. Null: nothing is left.</param>
internal sealed record BenchRow(
    string Name, string? Yardstick, ServerProcess Server, double OpenRate, Func<CancellationToken, Task<Workload>> Prepare, Func<CancellationToken, Task>? Settle = null)
{
    public IReadOnlyList<Mode> Modes { get; init; } = [Mode.One, Mode.Many, Mode.Open(OpenRate)];
}

/// <summary>One measured stretch: what the driver saw and what the server used up.</summary>
internal sealed record Sample(RunResult Run, double AllocatedPerRequest, double CpuMicrosPerRequest);

/// <summary>Measures rows in turns (A, B, A, B, ...), so that a disturbance of this machine hits all of them alike.</summary>
internal sealed class BenchRun(BenchOptions options, IReadOnlyList<BenchRow> rows, TextWriter progress)
{
    /// <summary>Connections, caches and branch predictors settle; not counted.</summary>
    private static readonly TimeSpan s_runUp = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<(string Row, string Mode), List<Sample>> _samples = [];

    public IReadOnlyDictionary<(string Row, string Mode), List<Sample>> Samples => _samples;

    public async Task RunAsync(CancellationToken cancellation)
    {
        foreach (var row in rows)
        {
            await progress.WriteLineAsync($"warming up: {row.Name}");
            await using var driver = new LoadDriver(await row.Prepare(cancellation), Mode.Many, options.Seed);
            var run = await driver.RunAsync(options.WarmUp, cancellation);
            if (run.Errors == run.Requests)
            {
                throw new LoadException($"{row.Name}: no request succeeds. {run.FirstError}");
            }

            await SettleAsync(row, cancellation);
        }

        for (var round = 0; round < options.Rounds; round++)
        {
            for (var mode = 0; mode < rows.Max(r => r.Modes.Count); mode++)
            {
                await progress.WriteLineAsync($"round {round + 1} of {options.Rounds}, {rows[0].Modes[mode].Name}");
                foreach (var row in rows.Where(r => mode < r.Modes.Count))
                {
                    try
                    {
                        await MeasureAsync(row, row.Modes[mode], round, cancellation);
                        await SettleAsync(row, cancellation);
                    }
                    catch (LoadException e)
                    {
                        throw new LoadException($"{row.Name}, {row.Modes[mode].Name}: {e.Message}");
                    }
                }
            }
        }
    }

    private static Task SettleAsync(BenchRow row, CancellationToken cancellation) => row.Settle?.Invoke(cancellation) ?? Task.CompletedTask;

    private async Task MeasureAsync(BenchRow row, Mode mode, int round, CancellationToken cancellation)
    {
        await using var driver = new LoadDriver(await row.Prepare(cancellation), mode, options.Seed + round);
        await driver.RunAsync(s_runUp, cancellation);
        // The driver's own garbage of before, so that it does not pause in the middle.
        GC.Collect();
        var before = await row.Server.ReadGaugeAsync(cancellation);
        var run = await driver.RunAsync(mode.Rate is null ? options.ClosedLoop : options.OpenLoop, cancellation);
        var after = await row.Server.ReadGaugeAsync(cancellation);
        if (!_samples.TryGetValue((row.Name, mode.Name), out var list))
        {
            _samples.Add((row.Name, mode.Name), list = []);
        }

        var count = Math.Max(1, run.Requests);
        list.Add(new Sample(run, (double)(after.AllocatedBytes - before.AllocatedBytes) / count, (after.CpuMicroseconds - before.CpuMicroseconds) / count));
    }
}
