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
    public Task InvokeAsync(HttpContext context) =>
        context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } span ? EnrichAsync(context, span) : next(context);

    private async Task EnrichAsync(HttpContext context, Activity span)
    {
        try
        {
            await next(context);
        }
        finally
        {
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
            span.DisplayName = route is null ? context.Request.Method : $"{context.Request.Method} {route}";
            span.SetTag(Telemetry.Tag.HttpMethod, context.Request.Method);
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
