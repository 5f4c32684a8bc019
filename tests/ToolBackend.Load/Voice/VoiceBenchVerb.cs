using System.Globalization;
using System.Text;
using ToolBackend.Load.Bench;

namespace ToolBackend.Load.Voice;

/// <summary>
/// <c>./dev bench voice</c>: the streaming pipeline in a process of its own, with simulated vendors of fixed delays and callers at the pace of a telephone line in the driver's. A report; it fails only
/// when it cannot run.
/// </summary>
internal static class VoiceBenchVerb
{
    private const int MostWarmUps = 6;

    public static async Task<int> RunAsync(string[] arguments, TextWriter output, CancellationToken cancellation)
    {
        var options = VoiceBenchOptions.Parse(arguments);
        DriverRuntime.Prepare();
        await using var servers = await BenchServers.StartAsync(cancellation);
        await using var database = await servers.BookingsAsync(cancellation);
        await using var vendors = await VoiceVendors.StartAsync(cancellation);
        var core = servers.ApiEnvironment(database, "bench-voice");
        var text = options.Tricks ? await VoiceTricks.RunAsync(core, vendors, output, cancellation) : await RowsAsync(options, core, vendors, output, cancellation);
        var stem = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture) + "-voice";
        Directory.CreateDirectory(Repository.Local("bench"));
        await File.WriteAllTextAsync(Repository.Local("bench", stem + ".md"), text, cancellation);
        await output.WriteLineAsync($"\n{text}\nWritten to .local/bench/{stem}.md");
        return 0;
    }

    private static async Task<string> RowsAsync(VoiceBenchOptions options, IReadOnlyDictionary<string, string?> core, VoiceVendors vendors, TextWriter output, CancellationToken cancellation)
    {
        var rows = new List<VoiceRow>();
        var first = new List<VoiceRow>();
        foreach (var assistant in options.Assistants)
        {
            var (server, url) = await VoiceHostUnderTest.StartAsync(core, vendors, assistant, new Dictionary<string, string?>(StringComparer.Ordinal), cancellation);
            await using (server)
            {
                var run = new VoiceRun(server, vendors, url, VoiceHostUnderTest.AuthToken);
                first.Add(await run.RunAsync(assistant, 1, 1, null, cancellation));
                await WarmAsync(run, assistant, output, cancellation);
                foreach (var calls in options.Calls)
                {
                    await output.WriteLineAsync($"{assistant}, {calls} calls");
                    rows.Add(await run.RunAsync(assistant, calls, calls == 1 ? options.Turns * 2 : options.Turns, options.Length, cancellation));
                }
            }
        }

        return Table(rows, first);
    }

    /// <summary>A process that is minutes old is measured, not its compiler: calls are made until that has little left to do.</summary>
    private static async Task WarmAsync(VoiceRun run, string assistant, TextWriter output, CancellationToken cancellation)
    {
        for (var i = 1; i <= MostWarmUps; i++)
        {
            var row = await run.RunAsync(assistant, 10, 2, null, cancellation);
            await output.WriteLineAsync($"{assistant}, warming up, {row.CompilingShare:P0} of the processor time is compiling");
            if (row.CompilingShare < 0.1)
            {
                return;
            }
        }
    }

    private static string Table(List<VoiceRow> rows, List<VoiceRow> first)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC · `./dev bench voice` · commit {Repository.Commit()}\n");
        text.AppendLine(CultureInfo.InvariantCulture, $"Machine: {BenchReport.ThisMachine}; driver, callers, vendors and pipeline share it.\n");
        text.AppendLine("| assistant | calls | turns | lost | turn p50 ms | p95 | p99 | max | ours p50 | p99 | voice to voice p50 | p95 | greeting p50 | p95 | clear p50 | p95 | stale | gaps | unheard ms per call | CPU s per call-minute | compiling | kB per call |");
        text.AppendLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var r in rows)
        {
            string T(IReadOnlyList<double> of, double share) => VoiceRow.At(of, share).ToString("0.0", CultureInfo.InvariantCulture);
            string[] cells =
            [
                r.Assistant, $"{r.Calls}", $"{r.Turn.Count}", $"{r.Lost}", T(r.Turn, 0.5), T(r.Turn, 0.95), T(r.Turn, 0.99), T(r.Turn, 1), T(r.Own, 0.5), T(r.Own, 0.99), T(r.Silence, 0.5), T(r.Silence, 0.95),
                T(r.Greeting, 0.5), T(r.Greeting, 0.95), T(r.Barge, 0.5), T(r.Barge, 0.95), $"{r.Stale}", $"{r.Underruns}", T([r.UnheardMilliseconds], 0.5), r.CpuSecondsPerCallMinute.ToString("0.000", CultureInfo.InvariantCulture),
                r.CompilingShare.ToString("P0", CultureInfo.InvariantCulture), r.KilobytesPerCall.ToString("0", CultureInfo.InvariantCulture),
            ];
            text.AppendLine($"| {string.Join(" | ", cells)} |");
        }

        text.AppendLine("\nThe first call after `/readyz`:\n");
        text.AppendLine("| assistant | greeting ms | first turn ms | voice to voice ms |");
        text.AppendLine("|---|---:|---:|---:|");
        foreach (var r in first)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {r.Assistant} | {VoiceRow.At(r.Greeting, 1):0.0} | {VoiceRow.At(r.Turn, 1):0.0} | {VoiceRow.At(r.Silence, 1):0} |");
        }

        return text.ToString();
    }
}
