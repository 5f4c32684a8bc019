using System.Net.Http.Json;
using ToolBackend.LocalStack.Commands;
using ToolBackend.LocalStack.Processes;
using ToolBackend.LocalStack.Simulators.Vapi;

namespace ToolBackend.LocalStack.Stack;

/// <summary>The Vapi simulator as a child process of the stack, with the Api's webhook as its organisation's server.</summary>
internal static class VapiServer
{
    public const string Name = "Vapi simulator";
    public const string BaseUrlVariable = "Vendors__Vapi__BaseUrl";
    public const string ApiKeyVariable = "Vendors__Vapi__ApiKey";

    /// <summary>What the Api's definitions will ask Vapi for: an event that was not acknowledged comes again.</summary>
    private const int Retries = 10;

    private static readonly TimeSpan s_playDeadline = TimeSpan.FromSeconds(20);

    /// <summary>Ready in this order: two calls that are over, and one that is going on while the stack is looked at.</summary>
    private static readonly PlayRequest[] s_firstCalls =
    [
        new PlayRequest { Script = "transfer", Seed = 1, Speed = 0, Wait = true },
        new PlayRequest { Script = "web", Seed = 2, Speed = 0, Wait = true },
        new PlayRequest { Script = "parcel", Seed = 3, Speed = 1, LengthSeconds = 90 },
    ];

    /// <summary>True when the environment has a key of the real Vapi: then that is used.</summary>
    public static bool IsReal => Environment.GetEnvironmentVariable(ApiKeyVariable) is { Length: > 0 };

    public static Task<SupervisedProcess> StartAsync(StackPaths paths, int port, string webhookUrl, StackSecrets secrets, CancellationToken cancellation) => SupervisedProcess.StartAsync(
        new SupervisedProcessOptions
        {
            Name = Name,
            CommandLine = [ForegroundProcess.DotnetHost, paths.LocalStack, "simulate", "vapi", "--port", $"{port}", "--webhook", webhookUrl, "--retries", $"{Retries}"],
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                [SimulateCommand.ApiKeyVariable] = VapiSimulatorOptions.DefaultApiKey,
                [SimulateCommand.WebhookSecretVariable] = secrets.VapiWebhook,
            },
            WorkingDirectory = paths.Root,
            LogFile = paths.Log("vapi"),
        },
        cancellation);

    /// <summary>Plays the first calls. What goes wrong is told and keeps nobody from working.</summary>
    public static async Task PlayFirstCallsAsync(string url, TextWriter output, CancellationToken cancellation)
    {
        using var http = new HttpClient { Timeout = s_playDeadline };
        foreach (var call in s_firstCalls)
        {
            try
            {
                using var answer = await http.PostAsJsonAsync(new Uri(url + "/_sim/calls"), call, cancellation);
                answer.EnsureSuccessStatusCode();
            }
            catch (Exception error) when (error is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
            {
                await output.WriteLineAsync($"the call \"{call.Script}\" could not be played: {error.Message}");
            }
        }
    }
}
