using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using ToolBackend.Api.Hosting;
using ToolBackend.Core.Calls.Live;

namespace ToolBackend.Api.Operator.Calls;

/// <summary><c>GET /calls/stream</c>: server-sent events. What is sent is in <see cref="CallStream"/>.</summary>
internal static class StreamCalls
{
    public const string Path = "/calls/stream";

    private const string RetryAfterSeconds = "2";

    public static RouteHandlerBuilder MapStreamCalls(this RouteGroupBuilder operatorApi) => operatorApi
        .MapGet(Path, HandleAsync)
        .WithName("streamCalls")
        .WithSummary("Every change of every call, as server-sent events.")
        .WithDescription(
            "Without an id the stream starts with the open calls (`event: call`, no id) and `event: synced`, whose id is the newest change that they include; then every change comes once and in order as "
            + "`event: call` with its id. `Last-Event-ID`, or `after`, goes on behind that change. When it is older than what is kept, `event: reset` says that everything known is void, and the stream starts as "
            + "without an id. `event: moment` has what is not stored (who speaks, partial transcripts), no id, and may be missing. The stream ends when this server stops: connect again.");

    private static async Task<Results<ServerSentEventsResult<string>, ValidationProblem, ProblemHttpResult>> HandleAsync(
        HttpContext context,
        LiveFeed feed,
        CallStream stream,
        Readiness readiness,
        IHostApplicationLifetime application,
        [FromHeader(Name = "Last-Event-ID"), Description("Id of the last event that was received; goes before `after`.")] string? lastEventId,
        [Description("The same as Last-Event-ID, for a first connection: `seq` of /calls/live.")] string? after,
        [Description("true: moments have the words that are said. Every call then leaves a row in the access log.")] string? text,
        CancellationToken aborted)
    {
        var read = new QueryReader();
        var cursor = lastEventId is { Length: > 0 } id ? Cursor(read, "Last-Event-ID", id) : Cursor(read, "after", after);
        var withText = read.Flag("text", text) ?? false;
        if (read.HasErrors)
        {
            return read.Problem();
        }

        if (readiness.IsDraining)
        {
            return Busy(context, "This server is stopping.");
        }

        if (feed.TrySubscribe() is not { } subscription)
        {
            return Busy(context, "Too many streams are open.");
        }

        // Given back also when the answer never starts.
        context.Response.RegisterForDispose(subscription);
        var ends = CancellationTokenSource.CreateLinkedTokenSource(aborted, readiness.Draining, application.ApplicationStopping);
        context.Response.RegisterForDispose(ends);

        var watcher = new CallStream.Watcher(OperatorKey.IdOf(context), withText, context.Response.Body);
        var start = cursor is null ? await stream.SnapshotAsync(aborted) : null;
        return TypedResults.ServerSentEvents(stream.EventsAsync(subscription, watcher, cursor ?? 0, start, ends.Token));
    }

    private static long? Cursor(QueryReader read, string name, string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var cursor))
        {
            read.Refuse(name, "The id of an event of this stream.");
        }

        return cursor;
    }

    private static ProblemHttpResult Busy(HttpContext context, string detail)
    {
        context.Response.Headers.RetryAfter = RetryAfterSeconds;
        return TypedResults.Problem(detail, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
