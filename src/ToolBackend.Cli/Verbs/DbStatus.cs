using System.CommandLine;
using System.Globalization;
using ToolBackend.Core.Data.Migrations;

namespace ToolBackend.Cli.Verbs;

/// <summary><c>toolbackend db status</c>: where every migration stands. Changes nothing.</summary>
internal static class DbStatus
{
    public static Command Command() => new Command(
        "status", "Show where every migration stands. Exit 0: up to date, 2: migrations pending, 4: an applied file was edited or is missing.")
        .Does("db status", async (_, console, cancellationToken) =>
        {
            await using var dataSource = Database.FromEnvironment();
            var statuses = await new MigrationRunner(TimeProvider.System).StatusAsync(dataSource, cancellationToken);
            foreach (var status in statuses)
            {
                console.Object(new { type = "migration", version = status.Version, name = status.Name, state = status.State, appliedAt = status.AppliedAt });
            }
            var code = ExitCodeOf(statuses);
            console.Object(new
            {
                type = "summary",
                upToDate = code == ExitCodes.Ok,
                pending = statuses.Count(status => status.State == MigrationState.Pending),
                diverged = statuses.Count(status => MigrationPlan.Refusal(status) is not null),
            });
            console.Table(["VERSION", "NAME", "STATE", "APPLIED AT"], [.. statuses.Select(Row)]);
            foreach (var status in statuses.Where(status => MigrationPlan.Refusal(status) is not null))
            {
                console.Line($"{status.Name}: {MigrationPlan.Refusal(status)}", Tone.Bad);
            }
            return code;
        });

    public static int ExitCodeOf(IReadOnlyList<MigrationStatus> statuses) =>
        statuses.Any(status => MigrationPlan.Refusal(status) is not null) ? ExitCodes.Diverged
        : statuses.Any(status => status.State == MigrationState.Pending) ? ExitCodes.Pending
        : ExitCodes.Ok;

    private static (Tone Tone, string[] Cells) Row(MigrationStatus status) =>
    (
        status.State switch { MigrationState.Applied => Tone.Good, MigrationState.Pending => Tone.Warning, _ => Tone.Bad },
        [
            status.Version.ToString("D4", CultureInfo.InvariantCulture),
            status.Name,
            status.State switch { MigrationState.OutOfOrder => "out of order", var state => state.ToString().ToLowerInvariant() },
            status.AppliedAt?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-",
        ]
    );
}
