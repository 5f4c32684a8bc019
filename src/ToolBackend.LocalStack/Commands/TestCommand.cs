using System.CommandLine;
using ToolBackend.LocalStack.Stack;

namespace ToolBackend.LocalStack.Commands;

/// <summary><c>./dev test</c>: all tests; the last line is <c>N passed, M failed</c>. Fails when nothing ran.</summary>
internal static class TestCommand
{
    /// <summary>Set by <c>./dev</c> when it has just built the solution.</summary>
    private const string BuiltVariable = "TOOLBACKEND_BUILT";

    public static Command Create(StackPaths paths)
    {
        var arguments = new Argument<string[]>("arguments")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = "Part of a test's full name, or options of `dotnet test`.",
        };
        var command = new Command("test", "Run all tests.") { arguments };
        command.SetAction((parsed, cancellation) => RunAsync(paths, parsed.GetValue(arguments) ?? [], cancellation));
        return command;
    }

    private static async Task<int> RunAsync(StackPaths paths, string[] arguments, CancellationToken cancellation)
    {
        await DebianPackages.EnsureAsync(Console.Out, cancellation);
        if (Directory.Exists(paths.TestResults))
        {
            Directory.Delete(paths.TestResults, recursive: true);
        }

        var exitCode = await ForegroundProcess.RunAsync(CommandLine(paths, arguments), TestEnvironment, cancellation);
        var results = TestResults.Read(paths.TestResults);
        if (exitCode != 0 && results.Failed == 0)
        {
            await Console.Out.WriteLineAsync($"dotnet test ended with exit code {exitCode} although no test failed: see above.");
        }

        await Console.Out.WriteLineAsync(results.Summary);
        return exitCode != 0 ? exitCode : results.Failed > 0 || results.Passed == 0 ? 1 : 0;
    }

    // A stack of the developer's is not for tests: they start servers of their own.
    private static IReadOnlyDictionary<string, string?> TestEnvironment { get; } = new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        [StackSettings.PostgresVariable] = null,
        [StackSettings.RedisVariable] = null,
        ["MSBUILDDISABLENODEREUSE"] = "1",
    };

    internal static IReadOnlyList<string> CommandLine(StackPaths paths, string[] arguments)
    {
        // One project at a time: tests that measure milliseconds do not compete with other projects.
        List<string> words =
        [
            ForegroundProcess.DotnetHost, "test", Path.Combine(paths.Root, "ToolBackend.sln"), "-c", "Release", "--nologo", "-m:1", "-nodeReuse:false",
            "--logger", "trx", "--results-directory", paths.TestResults,
            "--blame-hang-timeout", "5m", "--blame-hang-dump-type", "none",
        ];
        if (Environment.GetEnvironmentVariable(BuiltVariable) == "1")
        {
            words.Add("--no-build");
        }

        words.AddRange(arguments is [var name, ..] && !name.StartsWith('-') ? ["--filter", $"FullyQualifiedName~{name}", .. arguments[1..]] : arguments);
        return words;
    }
}
