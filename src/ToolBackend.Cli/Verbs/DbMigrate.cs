using System.CommandLine;
using ToolBackend.Core.Data.Migrations;

namespace ToolBackend.Cli.Verbs;

/// <summary><c>toolbackend db migrate</c>: applies pending migrations. Safe from many processes at once.</summary>
internal static class DbMigrate
{
    public static Command Command() => new Command("migrate", "Apply pending migrations. Exit 0 when the schema is up to date afterwards.")
        .Does("db migrate", async (_, console, cancellationToken) =>
        {
            await using var dataSource = Database.FromEnvironment();
            var report = await new MigrationRunner(TimeProvider.System).MigrateAsync(dataSource, cancellationToken);
            foreach (var file in report.Applied)
            {
                console.Object(new { type = "migration", version = file.Version, name = file.Name, state = MigrationState.Applied, durationMs = Milliseconds(file) });
                console.Line($"applied {file.Name} ({Milliseconds(file)} ms)", Tone.Good);
            }
            console.Object(new { type = "summary", applied = report.Applied.Count, already = report.Already });
            console.Line($"{Database.Describe(dataSource)}: {report.Applied.Count} applied, {report.Already} already there");
            return ExitCodes.Ok;
        });

    private static long Milliseconds(AppliedNow file) => (long)file.Duration.TotalMilliseconds;
}
