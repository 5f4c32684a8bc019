using System.Collections.Frozen;
using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using ToolBackend.Core.Observability;

namespace ToolBackend.Api.Hosting;

/// <summary>
/// Gives the server's span the name and tags of the HTTP conventions: ASP.NET Core 10 leaves it bare without the instrumentation package. The
/// route's template is recorded, never the path: paths hold tracking numbers.
/// </summary>
public sealed class RequestTelemetry(RequestDelegate next)
{
    /// <summary>What the conventions call a method that is none: a stranger can write anything there.</summary>
    private const string OtherMethod = "_OTHER";

    private static readonly FrozenDictionary<string, string> s_methods =
        new[] { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT" }.ToFrozenDictionary(m => m, StringComparer.OrdinalIgnoreCase);

    public Task InvokeAsync(HttpContext context) =>
        context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } span && span.Source.HasListeners() ? EnrichAsync(context, span) : next(context);

    private async Task EnrichAsync(HttpContext context, Activity span)
    {
        try
        {
            await next(context);
        }
        finally
        {
            var method = s_methods.GetValueOrDefault(context.Request.Method, OtherMethod);
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
            span.DisplayName = route is null ? method : $"{method} {route}";
            span.SetTag(Telemetry.Tag.HttpMethod, method);
            span.SetTag(Telemetry.Tag.HttpRoute, route);
            span.SetTag(Telemetry.Tag.HttpStatus, context.Response.StatusCode);
            if (context.Response.StatusCode >= 500)
            {
                span.SetTag(Telemetry.Tag.ErrorType, context.Response.StatusCode.ToString(System.Globalization.CultureInfo.InvariantCulture));
                span.SetStatus(ActivityStatusCode.Error);
            }
        }
    }
}
