using ToolBackend.Voice.Hosting;

namespace ToolBackend.Load.Children;

/// <summary>The Voice host as it is deployed, with a gauge beside it.</summary>
internal static class VoiceServer
{
    public const string Verb = "bench-voice";

    public static Task<int> RunAsync(string[] args, CancellationToken cancellation) =>
        ServerProcess.ServeAsync(VoiceHost.Build(args[2..]), int.Parse(args[1]), cancellation);
}
