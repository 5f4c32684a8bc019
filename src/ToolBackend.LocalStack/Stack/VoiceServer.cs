using ToolBackend.LocalStack.Processes;

namespace ToolBackend.LocalStack.Stack;

/// <summary>The Voice host as a child process of the stack, with the vendors of the stack and both lines of the demo's businesses.</summary>
internal static class VoiceServer
{
    public const string Name = "Voice host";

    /// <summary>Read by <c>vapi/environments/dev.yaml</c>: where the definitions route the main number.</summary>
    public const string UrlVariable = "TOOLBACKEND_VOICE_URL";

    private const string AuthTokenVariable = "Vendors__Twilio__AuthToken";
    private const int UsualPort = 5090;

    /// <summary>A stack that is stopped does not wait for somebody's conversation.</summary>
    private const int DrainSeconds = 5;

    /// <summary>The token of the environment, with which real calls are signed; else the simulated account's.</summary>
    public static string AuthToken { get; } =
        Environment.GetEnvironmentVariable(AuthTokenVariable) is { Length: > 0 } given ? given : Simulators.Twilio.TwilioRestSimulatorOptions.DefaultAuthToken;

    /// <summary>Where Twilio reaches the host through a tunnel; null for nowhere.</summary>
    public static string? PublicUrl { get; } = Environment.GetEnvironmentVariable(UrlVariable) is { Length: > 0 } tunnel ? tunnel.TrimEnd('/') : null;

    public static int ChoosePort() => ReadyHost.ChoosePort(UsualPort);

    /// <summary>Returns when <c>/readyz</c> answers 200.</summary>
    /// <param name="vendors">Where the simulated ones are, and their keys; real ones are in our own environment, which children inherit.</param>
    /// <exception cref="LocalStackException">It did not get there; the message holds the end of its log.</exception>
    public static Task<SupervisedProcess> StartAsync(
        StackPaths paths, string url, StackFile.TwilioSimulator? twilio, IReadOnlyDictionary<string, string?> vendors, IReadOnlyDictionary<string, string?> shared, CancellationToken cancellation)
    {
        var environment = new Dictionary<string, string?>(shared.Concat(vendors), StringComparer.Ordinal)
        {
            ["ASPNETCORE_URLS"] = url,
            ["Voice__PublicUrl"] = PublicUrl ?? url,
            ["Voice__Definitions"] = Path.Combine(paths.Root, "vapi"),
            ["Voice__Environment"] = "dev",
            ["Voice__DefaultAssistant"] = "receptionist",
            ["Voice__MaxDrainSeconds"] = $"{DrainSeconds}",
            [AuthTokenVariable] = AuthToken,
        };
        if (twilio is not null)
        {
            environment["Vendors__Twilio__BaseUrl"] = twilio.Url;
            environment["Vendors__Twilio__AccountSid"] = twilio.AccountSid;
        }

        // Not as environment variables: the shell that keeps the process drops names with a plus.
        string[] lines = [$"--Voice:Lines:{StackFile.DemoPart.Seeded.ClinicLine}=receptionist", $"--Voice:Lines:{StackFile.DemoPart.Seeded.CarrierLine}=dispatcher"];
        return ReadyHost.StartAsync(Name, paths.Voice, lines, url, environment, paths.Log("voice"), cancellation);
    }
}
