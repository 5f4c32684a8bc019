using Microsoft.AspNetCore.Diagnostics;
using ToolBackend.Core.Resilience;

namespace ToolBackend.Api.Hosting;

/// <summary>
/// Turns what was thrown into problem details: a dependency's failure into 503, a request that Kestrel refuses to read into its own status.
/// Anything else is a bug: the framework logs it and answers 500. No answer tells more than the kind of failure.
/// </summary>
public sealed partial class FailureAnswers(IProblemDetailsService problems, ILogger<FailureAnswers> logger) : IExceptionHandler
{
    private const string RetryAfterSeconds = "2";

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        // The exception middleware has cleared every header.
        SecurityHeaders.Apply(httpContext);
        string? detail = null;
        switch (exception)
        {
            case UpstreamException upstream:
                LogUnavailable(upstream.Dependency, upstream.Failure, upstream.InnerException?.GetType().Name);
                httpContext.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                httpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
                detail = upstream.Failure is UpstreamFailure.Busy ? "Too many requests wait for the database." : "The database did not answer.";
                break;
            case BadHttpRequestException bad:
                httpContext.Response.StatusCode = bad.StatusCode;
                break;
            default:
                return false;
        }

        var context = new ProblemDetailsContext { HttpContext = httpContext };
        context.ProblemDetails.Status = httpContext.Response.StatusCode;
        context.ProblemDetails.Detail = detail;
        return await problems.TryWriteAsync(context);
    }

    [LoggerMessage(2401, LogLevel.Warning, "A request was answered 503: {Dependency} failed ({Failure}, {Cause})")]
    private partial void LogUnavailable(string dependency, UpstreamFailure failure, string? cause);
}
