using System.CommandLine;
using ToolBackend.LocalStack.Stack;

namespace ToolBackend.LocalStack.Commands;

/// <summary><c>./dev demo</c>, <c>call</c>, <c>bench</c>, <c>load</c>: verbs of tests/ToolBackend.Load, pointed at a stack.</summary>
internal static class LoadCommand
{
    /// <param name="paths">This clone.</param>
    /// <param name="verb">Verb of the load program, and of <c>./dev</c>.</param>
    /// <param name="description">For the help.</param>
    /// <param name="needsStack">False when the verb brings servers of its own; it still learns of a running stack.</param>
    public static Command Create(StackPaths paths, string verb, string description, bool needsStack)
    {
        var arguments = new Argument<string[]>("arguments") { Arity = ArgumentArity.ZeroOrMore, Description = "Passed on." };
        var command = new Command(verb, description) { arguments };
        command.SetAction((parsed, cancellation) => RunAsync(paths, [verb, .. parsed.GetValue(arguments) ?? []], needsStack, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(StackPaths paths, string[] arguments, bool needsStack, CancellationToken cancellation)
    {
        if (!needsStack)
        {
            await DebianPackages.EnsureAsync(Console.Error, cancellation);
            var environment = RunningStack.Find(paths) is { } running ? RunningStack.Environment(paths, running) : new Dictionary<string, string?>(StringComparer.Ordinal);
            return await ForegroundProcess.RunDotnetAsync(paths.Load, arguments, environment, cancellation);
        }

        await using var session = await StackSession.OpenAsync(paths, cancellation);
        return await ForegroundProcess.RunDotnetAsync(paths.Load, arguments, RunningStack.Environment(paths, session.Stack), cancellation);
    }
}
