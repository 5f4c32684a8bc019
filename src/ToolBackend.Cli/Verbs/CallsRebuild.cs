using System.CommandLine;
using ToolBackend.Core.Calls.Intake;

namespace ToolBackend.Cli.Verbs;

/// <summary><c>toolbackend calls rebuild</c>: folds every call anew from its events. Safe while the service runs.</summary>
internal static class CallsRebuild
{
    public static Command Command() => new Command("rebuild", "Fold every call anew from its events. Exit 0: done, whether states changed or not; 1: some call could not be folded.")
        .Does("calls rebuild", async (_, console, cancellationToken) =>
        {
            await using var dataSource = Database.FromEnvironment();
            var report = await new CallRebuild(dataSource, TimeProvider.System).RunAsync(new Progress(console), cancellationToken);
            console.Object(new { type = "summary", calls = report.Calls, changed = report.Changed, failed = report.Failed });
            console.Line($"{report.Calls:N0} calls folded, {report.Changed:N0} states changed", report.Failed.Count == 0 ? Tone.Good : Tone.Bad);
            foreach (var call in report.Failed)
            {
                console.Line($"call {call} could not be folded: a bug", Tone.Bad);
            }
            return report.Failed.Count == 0 ? ExitCodes.Ok : ExitCodes.Error;
        });

    // Straight to the console, in order: System.Progress would hand lines to the thread pool.
    private sealed class Progress(CliConsole console) : IProgress<long>
    {
        private const int Step = 50_000;
        private long _told;

        public void Report(long value)
        {
            if (value - _told >= Step)
            {
                _told = value;
                console.Object(new { type = "progress", done = value });
                console.Line($"{value:N0} references done");
            }
        }
    }
}
