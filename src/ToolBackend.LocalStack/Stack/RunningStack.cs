using System.Globalization;
using ToolBackend.LocalStack.Processes;

namespace ToolBackend.LocalStack.Stack;

/// <summary>Finds the stack of this clone, whoever started it.</summary>
internal static class RunningStack
{
    /// <summary>The stack that is ready now. A file left by a killed supervisor does not count.</summary>
    public static StackFile? Find(StackPaths paths) =>
        StackFile.Read(paths.StackFile) is { } stack && IsSupervisor(stack.Pids.Supervisor) ? stack : null;

    /// <exception cref="LocalStackException">No stack runs.</exception>
    public static StackFile Require(StackPaths paths) =>
        Find(paths) ?? throw new LocalStackException("No stack is running. Start one: ./dev up (or ./dev up --detach).");

    /// <summary>The process that runs the stack or is just starting it.</summary>
    public static int? Supervisor(StackPaths paths) =>
        File.Exists(paths.SupervisorPidFile)
        && int.TryParse(File.ReadAllText(paths.SupervisorPidFile), CultureInfo.InvariantCulture, out var pid)
        && IsSupervisor(pid)
            ? pid
            : null;

    /// <summary>Waits for the stack of a supervisor that is starting; null when it ends or the deadline passes.</summary>
    public static async Task<StackFile?> WaitAsync(StackPaths paths, Func<bool> supervisorLives, TimeSpan deadline, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < deadline)
        {
            if (Find(paths) is { } stack)
            {
                return stack;
            }

            if (!supervisorLives())
            {
                return null;
            }

            await Task.Delay(50, cancellation);
        }

        return null;
    }

    /// <summary>The environment that points a program at the stack.</summary>
    public static IReadOnlyDictionary<string, string?> Environment(StackPaths paths, StackFile stack)
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [StackSettings.PostgresVariable] = stack.Postgres.ConnectionString,
            [StackSettings.RedisVariable] = stack.Redis.Endpoint,
            ["TOOLBACKEND_STACK"] = paths.StackFile,
            ["TOOLBACKEND_API"] = stack.Api.Url,
            ["TOOLBACKEND_URL"] = stack.Api.Url,
            ["TOOLBACKEND_OPERATOR_KEY"] = stack.Secrets.OperatorKey,
        };
        if (stack.Simulators.Vapi is { } vapi)
        {
            environment[VapiServer.BaseUrlVariable] = vapi.Url;
            environment[VapiServer.ApiKeyVariable] = vapi.ApiKey;
            // What vapi/environments/dev.yaml reads.
            environment["VAPI_BASE_URL"] = vapi.Url;
            environment["VAPI_API_KEY"] = vapi.ApiKey;
            environment["VAPI_WEBHOOK_SECRET"] = stack.Secrets.SigningKey;
            environment["TOOLBACKEND_API_URL"] = stack.Api.Url;
            environment[VoiceServer.UrlVariable] = stack.Voice.PublicUrl ?? stack.Voice.Url;
        }

        if (stack.Simulators.Twilio is { } twilio)
        {
            environment[TwilioServer.BaseUrlVariable] = twilio.Url;
            environment[TwilioServer.AccountSidVariable] = twilio.AccountSid;
            environment[TwilioServer.AuthTokenVariable] = stack.Secrets.TwilioAuthToken;
        }

        return environment;
    }

    // Pids are reused: only a process that runs this very program counts. Without /proc the pid has to do.
    private static bool IsSupervisor(int pid) =>
        pid > 0 && ProcessTable.IsAlive(pid)
        && ProcessTable.CommandLine(pid) is var line && (line is null ? !Directory.Exists("/proc/self") : line.Contains("ToolBackend.LocalStack", StringComparison.Ordinal));
}
