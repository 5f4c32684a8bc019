using System.ComponentModel;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using ToolBackend.Core.Data.Model;

namespace ToolBackend.Api.Operator.Calls;

/// <summary>One stored event: what was understood of it, and the message itself without its secrets.</summary>
public sealed record CallEventItem(
    [property: Description("The reporting side's id of the call.")] string CallRef,
    Guid MessageId,
    [property: Description("As it was on the wire.")] string Type,
    [property: Description("What it is about.")] string Kind,
    [property: Description("vapi, pipeline, api or reaper.")] string Source,
    DateTimeOffset SentAt,
    DateTimeOffset ReceivedAt,
    [property: Description("What the state is folded from.")] JsonElement Facts,
    [property: Description("The message, redacted; null where content is not kept.")] JsonElement? Body);

/// <summary><c>GET /calls/{id}/events</c>: oldest first. Shows what was said, so it leaves a row in <c>transcript_access</c>.</summary>
internal static class ListCallEvents
{
    /// <summary>Characters of bodies in one answer: a body may have 5 MiB, a page 200 of them. One event is always sent.</summary>
    private const int MaxCharacters = 4 * 1024 * 1024;

    public static RouteHandlerBuilder MapListCallEvents(this RouteGroupBuilder operatorApi) => operatorApi
        .MapGet("/calls/{id}/events", HandleAsync)
        .WithName("listCallEvents")
        .WithSummary("The events that a call is folded from, oldest first.")
        .WithDescription("Of all sides that ran it. A page ends early when its messages are large. Shows what was said: every answer leaves a row in the access log.");

    private static async Task<Results<Ok<Page<CallEventItem>>, ValidationProblem, ProblemHttpResult>> HandleAsync(
        HttpContext context,
        OperatorReads reads,
        TimeProvider time,
        [Description("Vapi's id of the call, the pipeline's, or Twilio's CallSid.")] string id,
        [Description("Page size.")] string? limit,
        [Description("`next` of the page before.")] string? after,
        CancellationToken aborted)
    {
        var read = new QueryReader();
        var size = read.Limit(limit);
        var cursor = read.After(after, text => Guid.TryParseExact(text, "N", out _));
        if (!CallIds.IsId(id))
        {
            read.Refuse("id", CallIds.Rule);
        }

        if (read.HasErrors)
        {
            return read.Problem();
        }

        var page = await reads.RunAsync(
            async (db, cancellation) =>
            {
                if (await CallIds.ResolveAsync(db, id, cancellation) is not { } call)
                {
                    return null;
                }

                var found = await ReadAsync(db, call.Names, size, cursor, cancellation);
                await TranscriptAccess.RecordAsync(db, time, call.CallId, OperatorKey.IdOf(context), TranscriptAccess.Events, cancellation);
                return found;
            },
            aborted);
        return page is null ? TypedResults.Problem(CallIds.NotFound, statusCode: StatusCodes.Status404NotFound) : TypedResults.Ok(page);
    }

    private static async Task<Page<CallEventItem>> ReadAsync(ToolBackendDb db, string[] names, int limit, PageCursor? after, CancellationToken cancellation)
    {
        var rows = db.CallEvents.Where(e => names.Contains(e.CallRef));
        if (after is { } cursor)
        {
            var last = Guid.ParseExact(cursor.Id, "N");
            rows = rows.Where(e => EF.Functions.GreaterThan(ValueTuple.Create(e.SentAt, e.MessageId), ValueTuple.Create(cursor.At, last)));
        }

        var kept = new List<CallEventRow>();
        var characters = 0L;
        await foreach (var row in rows.OrderBy(e => e.SentAt).ThenBy(e => e.MessageId).Take(limit + 1).AsAsyncEnumerable().WithCancellation(cancellation))
        {
            characters += row.Facts.Length + (row.Body?.Length ?? 0);
            if (kept.Count == limit || (kept.Count > 0 && characters > MaxCharacters))
            {
                return new Page<CallEventItem>([.. kept.Select(Item)], new PageCursor(kept[^1].SentAt, kept[^1].MessageId.ToString("N")).ToString());
            }

            kept.Add(row);
        }

        return new Page<CallEventItem>([.. kept.Select(Item)], null);
    }

    private static CallEventItem Item(CallEventRow e) =>
        new(e.CallRef, e.MessageId, e.Type, e.Kind, e.Source, e.SentAt, e.ReceivedAt, Json(e.Facts), e.Body is { } body ? Json(body) : null);

    /// <summary>What cannot be read as JSON is shown as text: an inspector must not fail on the very message that is odd.</summary>
    private static JsonElement Json(string text)
    {
        try
        {
            return JsonElement.Parse(text, new JsonDocumentOptions { MaxDepth = 256 });
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(text);
        }
    }
}
