using ToolBackend.LocalStack.Commands;
using ToolBackend.LocalStack.Processes;

namespace ToolBackend.LocalStack.Stack;

/// <summary>The simulator of Twilio's REST API as a child process of the stack: the account whose numbers <c>toolbackend vapi apply</c> routes.</summary>
internal static class TwilioServer
{
    public const string Name = "Twilio simulator";
    public const string BaseUrlVariable = "TWILIO_BASE_URL";
    public const string AuthTokenVariable = "TWILIO_AUTH_TOKEN";
    public const string AccountSidVariable = "TWILIO_ACCOUNT_SID";

    public static Task<SupervisedProcess> StartAsync(StackPaths paths, int port, string authToken, CancellationToken cancellation) => SupervisedProcess.StartAsync(
        new SupervisedProcessOptions
        {
            Name = Name,
            CommandLine = [ForegroundProcess.DotnetHost, paths.LocalStack, "simulate", "twilio", "--port", $"{port}"],
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { [SimulateCommand.ApiKeyVariable] = authToken },
            WorkingDirectory = paths.Root,
            LogFile = paths.Log("twilio"),
        },
        cancellation);
}
