using ToolBackend.Load.Voice;
using ToolBackend.Voice.Hosting;

namespace ToolBackend.Load.Children;

/// <summary>The Voice host as it is deployed, with a gauge beside it.</summary>
internal static class VoiceServer
{
    public const string Verb = "bench-voice";

    /// <summary>Starts it with what ToolBackend.Voice.csproj sets for the host's runtime: this program's own settings are the driver's.</summary>
    public static Task<ServerProcess> StartAsync(IReadOnlyDictionary<string, string?> environment, string logFile, CancellationToken cancellation, int? at = null, params IReadOnlyList<string> arguments) =>
        ServerProcess.StartAsync(
            Verb,
            "/readyz",
            new Dictionary<string, string?>(environment, StringComparer.Ordinal) { ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0", [DriverRuntime.InlineCompletions] = null },
            logFile,
            cancellation,
            at,
            arguments);

    public static Task<int> RunAsync(string[] args, CancellationToken cancellation) =>
        ServerProcess.ServeAsync(VoiceHost.Build(args[2..]), int.Parse(args[1]), cancellation);
}
