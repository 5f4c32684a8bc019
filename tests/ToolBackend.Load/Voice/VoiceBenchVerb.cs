using System.Diagnostics;
using System.Globalization;
using System.Text;
using ToolBackend.Load.Bench;
using ToolBackend.Load.Children;
using ToolBackend.LocalStack.Processes;
using ToolBackend.LocalStack.Simulators.Deepgram;
using ToolBackend.LocalStack.Simulators.ElevenLabs;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.LocalStack.Simulators.Twilio.Phone;

namespace ToolBackend.Load.Voice;

/// <summary>
/// <c>./dev bench voice</c>: the streaming pipeline in a process of its own, with simulated vendors of fixed delays and callers at the pace of a telephone line in the driver's. A report; it fails only
/// when it cannot run.
/// </summary>
internal static class VoiceBenchVerb
{
    private const string AuthToken = "simtwilioauthtoken00000000000001";

    public static async Task<int> RunAsync(string[] arguments, TextWriter output, CancellationToken cancellation)
    {
        var options = VoiceBenchOptions.Parse(arguments);
        await using var servers = await BenchServers.StartAsync(cancellation);
        await using var database = await servers.BookingsAsync(cancellation);
        await using var deepgram = await DeepgramSimulator.StartAsync(cancellation: cancellation);
        await using var elevenLabs = await ElevenLabsSimulator.StartAsync(cancellation: cancellation);
        await using var language = await LanguageSimulator.StartAsync(new LanguageSimulatorOptions { Answers = _ => CompletionAnswer.Say(VoiceDefinitions.Reply) }, cancellation);
        var rows = new List<VoiceRow>();
        var first = new List<VoiceRow>();
        foreach (var assistant in options.Assistants)
        {
            var port = FreePort.Next();
            var environment = new Dictionary<string, string?>(servers.ApiEnvironment(database, "bench-voice"), StringComparer.Ordinal)
            {
                ["Voice__PublicUrl"] = $"http://127.0.0.1:{port}", ["Voice__Definitions"] = VoiceDefinitions.Write(), ["Voice__Environment"] = "bench", ["Voice__DefaultAssistant"] = assistant,
                ["Voice__MaxCalls"] = "1000",
                ["Vendors__Twilio__AuthToken"] = AuthToken, ["Vendors__Deepgram__BaseUrl"] = deepgram.Url, ["Vendors__Deepgram__ApiKey"] = deepgram.ApiKey, ["Vendors__ElevenLabs__BaseUrl"] = elevenLabs.Url,
                ["Vendors__ElevenLabs__ApiKey"] = elevenLabs.ApiKey, ["Vendors__Groq__BaseUrl"] = language.Url, ["Vendors__Groq__ApiKey"] = language.ApiKey,
            };
            await using var server = await ServerProcess.StartAsync(VoiceServer.Verb, "/readyz", environment, Repository.Local("logs", "bench-voice.log"), cancellation, port);
            first.Add(await new VoiceRun(server, deepgram, $"http://127.0.0.1:{port}", AuthToken).RunAsync(assistant, 1, 1, cancellation));
            await new VoiceRun(server, deepgram, $"http://127.0.0.1:{port}", AuthToken).RunAsync(assistant, 1, 2, cancellation); // compiled and connected
            foreach (var calls in options.Calls)
            {
                await output.WriteLineAsync($"{assistant}, {calls} calls");
                rows.Add(await new VoiceRun(server, deepgram, $"http://127.0.0.1:{port}", AuthToken).RunAsync(assistant, calls, calls == 1 ? options.Turns * 2 : options.Turns, cancellation));
            }
        }

        var text = Table(rows, first);
        var stem = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture) + "-voice";
        Directory.CreateDirectory(Repository.Local("bench"));
        await File.WriteAllTextAsync(Repository.Local("bench", stem + ".md"), text, cancellation);
        await output.WriteLineAsync($"\n{text}\nWritten to .local/bench/{stem}.md");
        return 0;
    }

    private static string Table(List<VoiceRow> rows, List<VoiceRow> first)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC · `./dev bench voice` · commit {Repository.Commit()}\n");
        text.AppendLine(CultureInfo.InvariantCulture, $"Machine: {BenchReport.ThisMachine}; driver, callers, vendors and pipeline share it.\n");
        text.AppendLine("| assistant | calls | turns | lost | turn p50 ms | p95 | p99 | max | voice to voice p50 | p95 | greeting p50 | p95 | CPU s per call-minute | kB per call | gaps |");
        text.AppendLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var r in rows)
        {
            double T(double share) => VoiceRow.At(r.Turn, share);
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {r.Assistant} | {r.Calls} | {r.Turns} | {r.Lost} | {T(0.5):0.0} | {T(0.95):0.0} | {T(0.99):0.0} | {T(1):0.0} | {VoiceRow.At(r.Silence, 0.5):0} | {VoiceRow.At(r.Silence, 0.95):0} | {VoiceRow.At(r.Greeting, 0.5):0.0} | {VoiceRow.At(r.Greeting, 0.95):0.0} | {r.CpuSecondsPerCallMinute:0.000} | {r.KilobytesPerCall:0} | {r.Underruns} |");
        }

        text.AppendLine("\nThe first call after `/readyz`:\n");
        text.AppendLine("| assistant | greeting ms | first turn ms | first voice to voice ms |");
        text.AppendLine("|---|---:|---:|---:|");
        foreach (var r in first)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {r.Assistant} | {VoiceRow.At(r.Greeting, 1):0.0} | {VoiceRow.At(r.Turn, 1):0.0} | {VoiceRow.At(r.Silence, 1):0} |");
        }

        return text.ToString();
    }
}
