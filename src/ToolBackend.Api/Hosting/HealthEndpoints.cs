using System.Reflection;

namespace ToolBackend.Api.Hosting;

/// <summary><c>/healthz</c>: the process lives. <c>/readyz</c>: send traffic. <c>/version</c>: which build this is.</summary>
public static class HealthEndpoints
{
    private static readonly string s_version =
        typeof(HealthEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/healthz", () => Results.Ok(new { status = "alive" })).ExcludeFromDescription();
        app.MapGet("/readyz", (Readiness readiness) => Results.Json(readiness.Report(), statusCode: readiness.IsReady ? 200 : 503)).ExcludeFromDescription();
        app.MapGet("/version", () => Results.Ok(new { version = s_version })).ExcludeFromDescription();
    }
}
