using System.CommandLine;
using ToolBackend.LocalStack.Stack;

namespace ToolBackend.LocalStack.Commands;

/// <summary><c>./dev cli ARGS</c>: <c>toolbackend ARGS</c> against the running stack, with its exit code.</summary>
internal static class CliCommand
{
    public static Command Create(StackPaths paths)
    {
        var arguments = new Argument<string[]>("arguments") { Arity = ArgumentArity.ZeroOrMore, Description = "As for toolbackend." };
        var command = new Command("cli", "Run toolbackend against the running stack.") { arguments };
        command.SetAction((parsed, cancellation) =>
        {
            var stack = RunningStack.Require(paths);
            return ForegroundProcess.RunDotnetAsync(paths.Cli, parsed.GetValue(arguments) ?? [], RunningStack.Environment(paths, stack), cancellation);
        });
        return command;
    }
}
