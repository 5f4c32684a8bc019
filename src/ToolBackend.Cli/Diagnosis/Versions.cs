using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ToolBackend.Cli.Diagnosis;

/// <summary>Which builds are at work.</summary>
internal static class Versions
{
    public static string Own => typeof(Versions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static Task<CheckResult> HereAsync() =>
        Task.FromResult(CheckResult.Ok($"toolbackend {Own}, .NET {Environment.Version}, {RuntimeInformation.RuntimeIdentifier}"));

    /// <summary>The Api at a host, by its <c>/version</c>.</summary>
    public static async Task<CheckResult> ApiAsync(Probe probe, Uri host, CancellationToken cancellation)
    {
        var (status, text) = await probe.ReadAsync(new Uri(host, "/version"), cancellation);
        if (status != 200 || Version(text) is not { } version)
        {
            return CheckResult.Warn($"answered {status} to /version, not as the Api does", "point the public address (tunnel, load balancer) at the Api");
        }

        return version == Own
            ? CheckResult.Ok($"runs {version} as well")
            : CheckResult.Warn($"runs {version}, this is {Own}", "deploy both from the same commit: definitions are held against this version's tools");
    }

    private static string? Version(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("version", out var said) && said.ValueKind == JsonValueKind.String ? said.GetString() : null;
        }
        catch (JsonException)
        {
            return null; // some other service's page
        }
    }
}
