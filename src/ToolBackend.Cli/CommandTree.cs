using System.CommandLine;
using Npgsql;
using ToolBackend.Cli.Sync;
using ToolBackend.Cli.Verbs;
using ToolBackend.Core.Data.Migrations;
using ToolBackend.Core.Data.Seeding;

namespace ToolBackend.Cli;

/// <summary>All verbs and the options that every verb has, and the one place where a failure becomes an exit code.</summary>
internal static class CommandTree
{
    private static readonly Option<bool> Json = new("--json") { Description = "Newline-delimited JSON on standard output", Recursive = true };
    private static readonly Option<bool> Quiet = new("--quiet", "-q") { Description = "Results and errors only", Recursive = true };
    private static readonly Option<bool> NoColor = new("--no-color") { Description = "The same as --color=never", Recursive = true };

    private static readonly Option<ColourMode> Color = new("--color")
    {
        Description = "auto, always or never",
        HelpName = "when",
        Recursive = true,
        DefaultValueFactory = _ => ColourMode.Auto,
    };

    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Root().Parse(args);
        var misunderstood = parsed.Errors.Count > 0;
        var code = await parsed.InvokeAsync(new InvocationConfiguration
        {
            // Verbs report their failures themselves, each with its own code.
            EnableDefaultExceptionHandler = false,
            // The help that follows a usage error is not a result: a script that reads standard output finds it empty.
            Output = misunderstood ? Console.Error : Console.Out,
        });
        return misunderstood ? ExitCodes.Usage : code;
    }

    public static RootCommand Root() => new("The command line of ToolBackend, the backend behind a company's phone agent.")
    {
        Json,
        Quiet,
        NoColor,
        Color,
        new Command("db", "The database: schema and data. Needs ConnectionStrings__Postgres in the environment.")
        {
            DbMigrate.Command(),
            DbSeed.Command(),
            DbStatus.Command(),
        },
        CallPlace.Command(),
        CallsGroup.Command(),
        FailoverGroup.Command(),
        new Command("operator-key", "Keys of the operator API.")
        {
            OperatorKeyNew.Command(),
        },
        VapiCommands.Command(),
        Doctor.Command(),
    };

    /// <summary>Gives <paramref name="command"/> its work, with a console set up from the global options.</summary>
    /// <param name="command">The verb's own command.</param>
    /// <param name="verb">The verb as it is typed, for the JSON header.</param>
    /// <param name="run">The work; returns the exit code.</param>
    public static Command Does(this Command command, string verb, Func<ParseResult, CliConsole, CancellationToken, Task<int>> run)
    {
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var console = ConsoleFor(parsed);
            console.Begin(verb);
            try
            {
                return await run(parsed, console, cancellationToken);
            }
            catch (CliException expected)
            {
                console.Error(expected.Message, expected.Fix);
                return expected.ExitCode;
            }
            catch (Exception failed) when (!cancellationToken.IsCancellationRequested && SyncFailures.TryTell(failed, console, out var code))
            {
                return code;
            }
            catch (Exception refused) when (refused is MigrationException or GeneratorRefusedException)
            {
                console.Error(refused.Message);
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                console.Error("interrupted");
                return ExitCodes.Interrupted;
            }
            catch (NpgsqlException database)
            {
                console.Error((database as PostgresException)?.MessageText ?? database.Message, "check ConnectionStrings__Postgres and that the server is up");
            }
            return ExitCodes.Error;
        });
        return command;
    }

    private static CliConsole ConsoleFor(ParseResult parsed)
    {
        var mode = parsed.GetValue(NoColor) ? ColourMode.Never : parsed.GetValue(Color);
        var colour = Colour.Wanted(
            mode, !Console.IsOutputRedirected, Environment.GetEnvironmentVariable("NO_COLOR"), Environment.GetEnvironmentVariable("TERM"));
        return new CliConsole(Console.Out, Console.Error, parsed.GetValue(Json), parsed.GetValue(Quiet), colour,
            progress: !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb");
    }
}
