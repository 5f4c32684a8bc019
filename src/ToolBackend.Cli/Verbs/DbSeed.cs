using System.CommandLine;
using Npgsql;
using ToolBackend.Core.Data.Migrations;
using ToolBackend.Core.Data.Seeding;

namespace ToolBackend.Cli.Verbs;

/// <summary><c>toolbackend db seed</c>: the demo set, and generated rows when a number of them is asked for.</summary>
internal static class DbSeed
{
    private static readonly Option<long> Shipments = Count("--shipments", "Generate so many shipments, with about two scans each");
    private static readonly Option<long> Appointments = Count("--appointments", "Generate so many appointments, two years back to sixty days ahead");
    private static readonly Option<long> Calls = Count("--calls", "Generate so many ended calls of the last ninety days, with five events each");

    private static readonly Option<int?> Customers = new("--customers")
    {
        Description = "Generate so many customers for them [default: a quarter of the shipments, at least 1000]",
        Validators = { result => RefuseBelow(result, 1) },
    };

    private static readonly Option<int> RandomSeed = new("--random-seed")
    {
        Description = "The same seed makes the same rows",
        DefaultValueFactory = _ => 1,
    };

    public static Command Command() =>
        new Command("seed", "Put in the demo set, relative to today (again: refreshes it), and generate rows when asked for. Generating again adds as many.")
        {
            Shipments,
            Appointments,
            Calls,
            Customers,
            RandomSeed,
        }.Does("db seed", async (parsed, console, cancellationToken) =>
        {
            await using var dataSource = Database.FromEnvironment();
            await RefuseOldSchemaAsync(dataSource, cancellationToken);
            var demo = await DemoSeed.RunAsync(dataSource, null, cancellationToken);
            console.Object(new { type = "demo", visits = demo.Visits, skipped = demo.Skipped, shipments = demo.Shipments });
            console.Line($"demo: {demo.Visits - demo.Skipped} appointments, {demo.Shipments} shipments; call as {DemoSeed.CallerPhone}, parcel {DemoSeed.CallerTrackingNumber}");
            if (demo.Skipped > 0)
            {
                console.Line($"demo: {demo.Skipped} appointments left out, somebody has booked their time", Tone.Warning);
            }

            var options = new GeneratorOptions
            {
                Shipments = parsed.GetValue(Shipments),
                Appointments = parsed.GetValue(Appointments),
                Calls = parsed.GetValue(Calls),
                Customers = parsed.GetValue(Customers),
                RandomSeed = parsed.GetValue(RandomSeed),
            };
            if (options.Shipments > 0 || options.Appointments > 0 || options.Calls > 0 || options.Customers is not null)
            {
                var report = await new Generator(dataSource, TimeProvider.System).RunAsync(options, new Progress(console), cancellationToken);
                console.Object(new
                {
                    type = "generated",
                    customers = report.Customers,
                    shipments = report.Shipments,
                    scanEvents = report.ScanEvents,
                    appointments = report.Appointments,
                    calls = report.Calls,
                    durationMs = (long)report.Duration.TotalMilliseconds,
                });
                console.Line($"generated: {report.Customers:N0} customers, {report.Shipments:N0} shipments, {report.ScanEvents:N0} scans, "
                    + $"{report.Appointments:N0} appointments, {report.Calls:N0} calls in {report.Duration.TotalSeconds:0.0} s", Tone.Good);
            }
            return ExitCodes.Ok;
        });

    private static Option<long> Count(string name, string description) => new(name)
    {
        Description = description,
        Validators = { result => RefuseBelow(result, 0) },
    };

    private static void RefuseBelow(System.CommandLine.Parsing.OptionResult result, long least)
    {
        // What is no number at all is refused by the parser itself.
        if (result.Tokens is [var token] && long.TryParse(token.Value, out var value) && value < least)
        {
            result.AddError($"{result.Option.Name} must be at least {least}");
        }
    }

    private static async Task RefuseOldSchemaAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        var statuses = await new MigrationRunner(TimeProvider.System).StatusAsync(dataSource, cancellationToken);
        if (DbStatus.ExitCodeOf(statuses) != ExitCodes.Ok)
        {
            throw new CliException("the schema is not up to date", "toolbackend db migrate");
        }
    }

    // Straight to the console, in order: System.Progress would hand lines to the thread pool.
    private sealed class Progress(CliConsole console) : IProgress<GeneratorProgress>
    {
        public void Report(GeneratorProgress value)
        {
            console.Object(new { type = "progress", table = value.Table, done = value.Done, total = value.Total });
            console.Line($"{value.Table,-12} {value.Done,12:N0} of {value.Total:N0}");
        }
    }
}
