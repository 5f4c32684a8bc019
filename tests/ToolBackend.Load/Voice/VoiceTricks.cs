using System.Globalization;
using System.Text;
using ToolBackend.LocalStack.Simulators.Language;

namespace ToolBackend.Load.Voice;

/// <summary><c>./dev bench voice --tricks</c>: what each trick of the pipeline is worth. The same ten callers with all of them, and with one left out by the setting that has it.</summary>
internal static class VoiceTricks
{
    private const int Calls = 10, Turns = 5;

    private static readonly Dictionary<string, string?> s_none = new(StringComparer.Ordinal);

    /// <summary>A model on a bad day: half of its first tokens come late, some very late.</summary>
    private static readonly TokenTiming s_badDay = new() { Spread = 1 };

    private static readonly Variant[] s_variants =
    [
        new("Flux, all", VoiceDefinitions.Flux, s_none, null),
        new("Flux, 40 ms of audio at once", VoiceDefinitions.Flux, Setting("Transcription__PieceMilliseconds", "40"), null),
        new("Flux, no early clause", VoiceDefinitions.Flux, Setting("ClauseChunker__FirstWords", "20"), null),
        new("Flux, no speculation", VoiceDefinitions.FluxPlain, s_none, null),
        new("Flux, neither", VoiceDefinitions.FluxPlain, Setting("ClauseChunker__FirstWords", "20"), null),
        new("nova, all", VoiceDefinitions.Nova, s_none, null),
        new("nova, no early clause", VoiceDefinitions.Nova, Setting("ClauseChunker__FirstWords", "20"), null),
        new("Flux, model on a bad day, hedged", VoiceDefinitions.FluxPlain, s_none, s_badDay),
        new("Flux, model on a bad day, not hedged", VoiceDefinitions.FluxPlain, Setting("Language__HedgeAfter", "00:00:02.5"), s_badDay),
    ];

    public static async Task<string> RunAsync(IReadOnlyDictionary<string, string?> core, VoiceVendors vendors, TextWriter output, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC · `./dev bench voice --tricks` · commit {Repository.Commit()} · {Calls} calls\n");
        text.AppendLine("| variant | turns | lost | turn p50 ms | p95 | p99 | voice to voice p50 | p95 | CPU s per call-minute |");
        text.AppendLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
        var usual = vendors.Model.Timing;
        foreach (var variant in s_variants)
        {
            await output.WriteLineAsync(variant.Name);
            var (server, url) = await VoiceHostUnderTest.StartAsync(core, vendors, variant.Assistant, variant.Settings, cancellation);
            await using (server)
            {
                var run = new VoiceRun(server, vendors, url, VoiceHostUnderTest.AuthToken);
                vendors.Model.Timing = usual;
                await run.RunAsync(variant.Assistant, Calls, 2, null, cancellation);
                vendors.Model.Timing = variant.Timing ?? usual;
                var row = await run.RunAsync(variant.Assistant, Calls, Turns, null, cancellation);
                text.AppendLine(CultureInfo.InvariantCulture,
                    $"| {variant.Name} | {row.Turn.Count} | {row.Lost} | {VoiceRow.At(row.Turn, 0.5):0} | {VoiceRow.At(row.Turn, 0.95):0} | {VoiceRow.At(row.Turn, 0.99):0} | {VoiceRow.At(row.Silence, 0.5):0} | {VoiceRow.At(row.Silence, 0.95):0} | {row.CpuSecondsPerCallMinute:0.00} |");
            }
        }

        return text.ToString();
    }

    private static Dictionary<string, string?> Setting(string name, string value) => new(StringComparer.Ordinal) { [name] = value };

    /// <param name="Timing">Of the model; null for fixed delays.</param>
    private sealed record Variant(string Name, string Assistant, IReadOnlyDictionary<string, string?> Settings, TokenTiming? Timing);
}
