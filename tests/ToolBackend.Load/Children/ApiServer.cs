using ToolBackend.Api.Hosting;

namespace ToolBackend.Load.Children;

/// <summary>The product itself, unchanged, with a gauge beside it.</summary>
internal static class ApiServer
{
    public const string Verb = "bench-api";

    public static Task<int> RunAsync(string[] args, CancellationToken cancellation) =>
        ServerProcess.ServeAsync(ApiHost.Build(args[2..]), int.Parse(args[1]), cancellation);
}
