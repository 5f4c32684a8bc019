using System.ComponentModel;
using ToolBackend.Core.Calls.Routing;
using ToolBackend.Core.Resilience.Health;

namespace ToolBackend.Api.Operator.Failover;

/// <summary>Where new calls of a line go.</summary>
public sealed record RouteItem(
    [property: Description("E.164, or * for lines that have no route of their own.")] string Line,
    [property: Description("auto, vapi, own, or a part such as 25%: what goes to Vapi.")] string Mode,
    DateTimeOffset? ChangedAt,
    [property: Description("Fingerprint of the operator key, or default.")] string ChangedBy)
{
    internal static RouteItem Of(CallRoute route) => new(route.Line, route.Word, route.ChangedAt == DateTimeOffset.MinValue ? null : route.ChangedAt, route.ChangedBy);
}

/// <summary>A provider's health as the Voice replicas share it.</summary>
public sealed record ProviderItem(
    string Provider,
    [property: Description("healthy, suspect, down or probation.")] string Phase,
    [property: Description("connectivity, late, server, rate, quota, authentication or slow; null when nothing is known against it.")] string? Cause,
    [property: Description("Down until its configuration is changed.")] bool IsPermanent);

public sealed record FailoverReport(
    IReadOnlyList<RouteItem> Routes,
    [property: Description("Providers that were ever anything but healthy, by name; null when Redis does not answer, and then each replica is on its own.")] IReadOnlyList<ProviderItem>? Providers);

/// <summary><c>GET /failover</c>.</summary>
internal static class FailoverStatus
{
    public static RouteHandlerBuilder MapFailoverStatus(this RouteGroupBuilder operatorApi) => operatorApi
        .MapGet("/failover", HandleAsync)
        .WithName("getFailover")
        .WithSummary("Where new calls go, and how the providers are.");

    private static async Task<FailoverReport> HandleAsync(CallRouteStore routes, SharedHealth health, CancellationToken aborted)
    {
        var set = await routes.ListAsync(aborted);
        var all = set.Any(r => r.Line is CallRoute.Any) ? set : [CallRoute.Default, .. set];
        var standings = await health.ReadAsync();
        return new FailoverReport(
            [.. all.Select(RouteItem.Of)],
            standings is null ? null : [.. standings.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => new ProviderItem(s.Key, Word(s.Value.Phase), s.Value.Phase is HealthPhase.Healthy ? null : Word(s.Value.Cause), s.Value.IsPermanent))]);
    }

    private static string Word(HealthPhase phase) => phase.ToString().ToLowerInvariant();

    private static string? Word(HealthCause? cause) => cause?.ToString().ToLowerInvariant();
}
