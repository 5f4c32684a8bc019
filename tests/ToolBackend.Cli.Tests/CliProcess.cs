using System.Diagnostics;
using System.Text.Json;

namespace ToolBackend.Cli.Tests;

/// <summary>What a run of the built <c>toolbackend</c> left behind.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output as JSON, one document per line.</summary>
    public IReadOnlyList<JsonElement> Objects =>
        [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
}

/// <summary>Runs the built program as a process, with an environment that holds nothing of the developer's.</summary>
internal static class CliProcess
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static readonly IReadOnlyDictionary<string, string?> s_nothing = new Dictionary<string, string?>();

    public static Task<CliResult> RunAsync(string? connectionString, params string[] arguments) => EndAsync(Start(connectionString, arguments));

    public static Task<CliResult> RunAsync(string? connectionString, IReadOnlyDictionary<string, string?> environment, params string[] arguments) => EndAsync(Start(connectionString, environment, arguments));

    public static Process Start(string? connectionString, params string[] arguments) => Start(connectionString, s_nothing, arguments);

    public static Process Start(string? connectionString, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            UseShellExecute = false,
            RedirectStandardInput = true, // nobody is there to be asked
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "toolbackend.dll") },
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        SetEnvironment(start, connectionString, environment);
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Nothing of the developer's, and a terminal's usual TERM.</summary>
    public static void SetEnvironment(ProcessStartInfo start, string? connectionString, IReadOnlyDictionary<string, string?> environment)
    {
        start.Environment.Remove("NO_COLOR");
        start.Environment.Remove("COLUMNS");
        start.Environment["TERM"] = "xterm-256color";
        start.Environment.Remove(Database.Variable);
        if (connectionString is not null)
        {
            start.Environment[Database.Variable] = connectionString;
        }
        start.Environment.Remove(OperatorClient.UrlVariable);
        start.Environment.Remove(OperatorClient.KeyVariable);
        foreach (var (name, value) in environment.Where(v => v.Value is not null))
        {
            start.Environment[name] = value;
        }
    }

    public static async Task<CliResult> EndAsync(Process process)
    {
        using (process)
        {
            using var limit = new CancellationTokenSource(Deadline);
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            try
            {
                await process.WaitForExitAsync(limit.Token);
                return new CliResult(process.ExitCode, await output, await error);
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill();
                }
            }
        }
    }
}
