using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ToolBackend.LocalStack.Simulators.Http;

/// <summary>Stands in front of a simulator's endpoints: notes each request and does to it what the faults say.</summary>
/// <param name="writeError">Writes an error of a status in the API's own shape.</param>
internal sealed class FaultGate(FaultBoard faults, RequestLog requests, TimeProvider time, Func<HttpContext, int, Task> writeError, CancellationToken stopping)
{
    /// <summary>Below it everything is for whoever drives the simulator.</summary>
    public const string AdminPath = "/_sim";

    private const string Page = "<!DOCTYPE html><html><head><title>Bad gateway</title></head><body><h1>Error</h1><p>cloudflare</p></body></html>";

    public async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path.StartsWithSegments(AdminPath))
        {
            await next(context);
            return;
        }

        context.Request.EnableBuffering();
        var body = await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted);
        context.Request.Body.Position = 0;
        var isNoted = false;

        // Before the answer leaves: who has it finds the request noted.
        context.Response.OnStarting(() =>
        {
            Note(context.Response.StatusCode);
            return Task.CompletedTask;
        });
        await ServeAsync(context, next, cut: () =>
        {
            Note(0);
            context.Abort();
        });
        Note(context.Response.StatusCode); // the client went away before its answer began

        void Note(int status)
        {
            if (!isNoted)
            {
                isNoted = true;
                requests.Add(new SimulatedRequest(context.Request.Method, context.Request.Path + context.Request.QueryString.Value, body, status, time.GetUtcNow()));
            }
        }
    }

    private async Task ServeAsync(HttpContext context, RequestDelegate next, Action cut)
    {
        if (faults.Take(context.Request.Method, context.Request.Path) is not { } fault)
        {
            await next(context);
            return;
        }

        switch (fault.Kind)
        {
            case SimulatorFaultKind.Refuse:
                cut();
                return;
            case SimulatorFaultKind.Hang:
                await WaitAsync(Timeout.InfiniteTimeSpan, context);
                cut();
                return;
            case SimulatorFaultKind.CutAfterWork:
                context.Response.Body = Stream.Null;
                await next(context);
                cut();
                return;
            case SimulatorFaultKind.Slow:
                await WaitAsync(fault.Delay, context);
                await next(context);
                return;
            default:
                await AnswerAsync(context, fault);
                return;
        }
    }

    private Task AnswerAsync(HttpContext context, SimulatorFault fault)
    {
        if (fault.RetryAfterSeconds is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (fault.Kind == SimulatorFaultKind.Garbage)
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync("{\"id\": \"tru", context.RequestAborted);
        }

        context.Response.StatusCode = fault.Status;
        if (fault.Kind == SimulatorFaultKind.Html)
        {
            context.Response.ContentType = "text/html; charset=UTF-8";
            return context.Response.WriteAsync(Page, context.RequestAborted);
        }

        return writeError(context, fault.Status);
    }

    private async Task WaitAsync(TimeSpan delay, HttpContext context)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        await Task.Delay(delay, time, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
