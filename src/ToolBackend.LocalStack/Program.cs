using System.CommandLine;
using ToolBackend.LocalStack;
using ToolBackend.LocalStack.Commands;
using ToolBackend.LocalStack.Stack;

// What follows these verbs belongs to another program, options and --help included.
string[] passOn = ["cli", "test", "demo", "call", "bench", "drill", "load"];
string[] words = args is [var verb, .. var rest] && passOn.Contains(verb, StringComparer.Ordinal) ? [verb, "--", .. rest] : args is [] ? ["--help"] : args;

try
{
    var paths = StackPaths.Find();
    var root = new RootCommand("ToolBackend on this machine. Data, logs and secrets are kept in .local.")
    {
        UpCommand.Create(paths),
        DownCommand.Create(paths),
        StatusCommand.Create(paths),
        TestCommand.Create(paths),
        LoadCommand.Create(paths, "demo", "Post a conversation's tool calls and print what the caller hears.", needsStack: true),
        LoadCommand.Create(paths, "call", "Call an assistant with a simulated telephone and print the conversation.", needsStack: true),
        LoadCommand.Create(paths, "bench", "Measure against raw Kestrel.", needsStack: false),
        LoadCommand.Create(paths, "drill", "Play live calls, break something, and tell whether a call was lost.", needsStack: false),
        LoadCommand.Create(paths, "load", "Long load tests with servers of their own.", needsStack: false),
        CliCommand.Create(paths),
        SuperviseCommand.Create(),
        SimulateCommand.Create(),
    };
    // Long enough for the Api to drain and Postgres to write everything; children outlive nobody anyway.
    var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(45) };
    return await root.Parse(words).InvokeAsync(invocation);
}
catch (LocalStackException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 1;
}
catch (OperationCanceledException)
{
    // Ctrl-C: 128 + SIGINT, as shells expect.
    return 130;
}
