using Microsoft.Extensions.Configuration.Memory;

namespace ToolBackend.Voice.Hosting;

/// <summary>
/// One line a request, in place of the framework's four: the route's template and never the path, the status and the time. A media socket's comes when its call is over. Of refused requests ten a second
/// are told: whoever knocks must not fill the log.
/// </summary>
internal sealed partial class RequestLog(RequestDelegate next, TimeProvider time, ILogger<RequestLog> logger)
{
    private const int MostRefusalsPerSecond = 10;

    private readonly Lock _gate = new();
    private long _second;
    private int _refusals;

    /// <summary>The framework's own lines are for its warnings, unless the configuration says otherwise.</summary>
    public static void Quiet(IConfigurationBuilder configuration) => configuration.Sources.Insert(0, new MemoryConfigurationSource
    {
        InitialData = [new("Logging:LogLevel:Microsoft.AspNetCore", "Warning"), new("Logging:LogLevel:Npgsql", "Warning")],
    });

    public async Task InvokeAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        var isAnswered = false;
        try
        {
            await next(context);
            isAnswered = true;
        }
        finally
        {
            var status = isAnswered ? context.Response.StatusCode : StatusCodes.Status500InternalServerError;
            if (context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route } && route.StartsWith("/twilio/", StringComparison.Ordinal)
                && (status < StatusCodes.Status400BadRequest || MayTellOfRefusal()))
            {
                LogRequest(context.Request.Method, route, status, (long)time.GetElapsedTime(started).TotalMilliseconds);
            }
        }
    }

    private bool MayTellOfRefusal()
    {
        var second = time.GetUtcNow().ToUnixTimeSeconds();
        lock (_gate)
        {
            (_second, _refusals) = (second, second == _second ? _refusals + 1 : 1);
            return _refusals <= MostRefusalsPerSecond;
        }
    }

    [LoggerMessage(3511, LogLevel.Information, "{Method} {Route} {Status} in {Milliseconds} ms")]
    private partial void LogRequest(string method, string route, int status, long milliseconds);
}
