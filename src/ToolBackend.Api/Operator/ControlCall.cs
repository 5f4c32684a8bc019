using System.ComponentModel;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ToolBackend.Core.Data.Model;
using ToolBackend.Core.Observability;
using ToolBackend.Vapi.Control;

namespace ToolBackend.Api.Operator;

/// <summary>A command to a live call; which members it has goes by its type.</summary>
public sealed record ControlBody(
    [property: Description("say, add-message, control, end-call, transfer or handoff.")] string Type,
    [property: Description("say: what the assistant says, at most 4000 characters. transfer, handoff: what it says before.")] string? Content,
    [property: Description("say: hang up afterwards.")] bool? EndCallAfterSpoken,
    [property: Description("add-message: role (system, user, assistant) and content.")] JsonElement? Message,
    [property: Description("add-message: whether the assistant answers it. Vapi's default is true.")] bool? TriggerResponseEnabled,
    [property: Description("control: mute-assistant, unmute-assistant, say-first-message, mute-customer or unmute-customer.")] string? Control,
    [property: Description("transfer: type number with number, or type sip with sipUri. handoff: type assistant with assistantId, assistantName or assistant.")] JsonElement? Destination);

/// <summary>Vapi took the command.</summary>
public sealed record ControlSent(string CallId, string Type);

/// <summary><c>POST /calls/{id}/control</c>: speaks, mutes, transfers or ends, through the control address that Vapi gave for the call.</summary>
internal static partial class ControlCall
{
    private const int MaxBody = 64 * 1024;

    private static readonly JsonDocumentOptions s_json = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    public static RouteHandlerBuilder MapControlCall(this RouteGroupBuilder operatorApi) => operatorApi
        .MapPost("/calls/{id}/control", HandleAsync)
        .Accepts<ControlBody>("application/json")
        .WithName("controlCall")
        .WithSummary("Sends a command to a live call.")
        .WithDescription("The members are those of Vapi's live call control. 202: Vapi took it. 504: it may have been taken.");

    private static async Task<Results<Accepted<ControlSent>, ValidationProblem, ProblemHttpResult>> HandleAsync(
        HttpRequest request, OperatorReads reads, LiveControl control, ILogger<LiveControl> logger, [Description("Any id of the call: Vapi's, the carrier's.")] string id, CancellationToken aborted)
    {
        var (command, refusal) = await ReadAsync(request, aborted);
        if (command is null)
        {
            return refusal!;
        }

        var call = id.Contains('\0', StringComparison.Ordinal) ? null : await reads.RunAsync((db, cancellation) => FindAsync(db, id, cancellation), aborted);
        if (call is not { IsLive: true, Url: { } url })
        {
            return TypedResults.Problem(
                call is null ? "There is no call with this id." : call.IsLive ? "Vapi has given no control address for this call." : "The call has ended.",
                statusCode: call is null ? StatusCodes.Status404NotFound : StatusCodes.Status409Conflict);
        }

        var outcome = await control.SendAsync(url, command, aborted);
        Telemetry.CallControls.Add(1, new KeyValuePair<string, object?>(Telemetry.Tag.Command, command.Type), new KeyValuePair<string, object?>(Telemetry.Tag.Outcome, outcome.Result.ToString()));
        LogCommand(logger, call.CallId, command.Type, outcome.Result, outcome.Status);
        return outcome.Result switch
        {
            ControlResult.Taken => TypedResults.Accepted((string?)null, new ControlSent(call.CallId, command.Type)),
            ControlResult.AddressRefused => TypedResults.Problem("The control address of this call is not one that may be called: see Vapi:Control:Hosts.", statusCode: StatusCodes.Status409Conflict),
            ControlResult.Refused => TypedResults.Problem($"Vapi refused the command with status {outcome.Status}.", statusCode: StatusCodes.Status502BadGateway),
            ControlResult.Unreachable => TypedResults.Problem("Vapi's control address cannot be reached.", statusCode: StatusCodes.Status502BadGateway),
            _ => TypedResults.Problem("Vapi did not answer in time: the command may have been taken.", statusCode: StatusCodes.Status504GatewayTimeout),
        };
    }

    private static async Task<(ControlCommand? Command, Results<Accepted<ControlSent>, ValidationProblem, ProblemHttpResult>? Refusal)> ReadAsync(HttpRequest request, CancellationToken aborted)
    {
        if (!request.HasJsonContentType())
        {
            return (null, TypedResults.Problem("Send the command as application/json.", statusCode: StatusCodes.Status415UnsupportedMediaType));
        }

        using var buffer = new MemoryStream();
        var chunk = new byte[4096];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, aborted)) > 0)
        {
            if (buffer.Length + read > MaxBody)
            {
                return (null, TypedResults.Problem("A command has at most 64 kB.", statusCode: StatusCodes.Status413PayloadTooLarge));
            }

            buffer.Write(chunk, 0, read);
        }

        try
        {
            using var body = JsonDocument.Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), s_json);
            var command = ControlCommandReader.Read(body.RootElement, out var errors);
            return command is null ? (null, TypedResults.ValidationProblem(errors, "The command cannot be used.")) : (command, null);
        }
        catch (JsonException)
        {
            return (null, TypedResults.Problem("The body is no JSON, or names a member twice.", statusCode: StatusCodes.Status400BadRequest));
        }
    }

    private static async Task<FoundCall?> FindAsync(ToolBackendDb db, string id, CancellationToken cancellation)
    {
        var call = await (from alias in db.CallAliases where alias.Alias == id join row in db.Calls on alias.CallId equals row.CallId select new { row.CallId, row.Status }).SingleOrDefaultAsync(cancellation);
        if (call is null)
        {
            return null;
        }

        var url = await (from alias in db.CallAliases where alias.CallId == call.CallId join known in db.CallControls on alias.Alias equals known.CallRef orderby known.SeenAt descending select known.Url)
            .FirstOrDefaultAsync(cancellation);
        return new FoundCall(call.CallId, call.Status != "ended", url);
    }

    private sealed record FoundCall(string CallId, bool IsLive, string? Url);

    // The audit of what was done to a call: no content, no number.
    [LoggerMessage(2601, LogLevel.Information, "Call {CallId} was sent the command {Command}: {Result} (status {Status})")]
    private static partial void LogCommand(ILogger logger, string callId, string command, ControlResult result, int? status);
}
