using System.Buffers;
using Microsoft.Extensions.Options;
using ToolBackend.Api.Hosting;
using ToolBackend.Core.Observability;
using ToolBackend.Vapi.Control;
using ToolBackend.Vapi.Messages;
using ToolBackend.Vapi.Webhooks;

namespace ToolBackend.Api.Webhooks;

/// <summary>One webhook request from bytes to answer.</summary>
public sealed partial class WebhookHandler(
    WebhookAuthenticator authenticator, IOptions<WebhookAuthenticationOptions> authentication, IOptions<WebhookOptions> options,
    ToolCallDispatcher tools, RoutingDispatcher routing, CallEventIntake events, PhoneControl control, ILogger<WebhookHandler> logger)
{
    /// <summary>Log lines about refused requests per process: the first of each hundred, so that a flood cannot fill a disk.</summary>
    private const int RefusalsPerLine = 100;

    /// <summary>Answers are small; this one is reused by the thread while it writes one, never across an await.</summary>
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_answer;

    private readonly bool _needsBody = !string.IsNullOrEmpty(authentication.Value.Hmac.Secret);
    private long _refusals;

    public async Task HandleAsync(HttpContext http)
    {
        // Without an HMAC the headers decide, and a stranger's body is never read.
        if (!_needsBody && !Admit(http, default))
        {
            return;
        }

        var body = await BodyReader.ReadAsync(http.Request, RequestLimits.MaxBodyBytes, http.RequestAborted);
        if (body is not { } read)
        {
            Refuse(http, StatusCodes.Status413PayloadTooLarge, "too_large");
            return;
        }

        using (read)
        {
            if (_needsBody && !Admit(http, read.Bytes.Span))
            {
                return;
            }

            if (!VapiMessageReader.TryRead(read.Bytes, out var message, out var malformed))
            {
                Refuse(http, StatusCodes.Status400BadRequest, "malformed");
                await http.Response.WriteAsJsonAsync(new { error = $"Not a Vapi message: {malformed}." }, http.RequestAborted);
                return;
            }

            if (Telemetry.WebhookMessages.Enabled)
            {
                Telemetry.WebhookMessages.Add(1, new KeyValuePair<string, object?>(Telemetry.Tag.MessageType, message.Kind.ToString()));
            }

            if (Asks(message.Kind))
            {
                events.Note(message);
                await RespondAsync(http, await AnswerAsync(message));
            }
            else if (await events.TakeAsync(message, read.Bytes, http.RequestAborted)
                && (message.Kind is not VapiMessageKind.PhoneCallControl || await control.TakeAsync(message, read.Bytes, http.RequestAborted)))
            {
                await RespondAsync(http, s_nothing);
            }
            else
            {
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                http.Response.Headers.RetryAfter = "1";
            }
        }
    }

    /// <summary>False for messages that only tell: they are acknowledged.</summary>
    private static bool Asks(VapiMessageKind kind) => kind is VapiMessageKind.ToolCalls or VapiMessageKind.FunctionCall or VapiMessageKind.AssistantRequest
        or VapiMessageKind.TransferDestinationRequest or VapiMessageKind.HandoffDestinationRequest;

    private ValueTask<Action<IBufferWriter<byte>>> AnswerAsync(VapiMessage message) => message.Kind switch
    {
        VapiMessageKind.ToolCalls => tools.AnswerAsync(message),
        VapiMessageKind.FunctionCall => tools.AnswerLegacyAsync(message),
        VapiMessageKind.AssistantRequest => routing.AssistantAsync(message),
        VapiMessageKind.TransferDestinationRequest => routing.TransferAsync(message),
        _ => routing.HandoffAsync(message),
    };

    private static readonly Action<IBufferWriter<byte>> s_nothing = static output => output.Write("{}"u8);

    private static async Task RespondAsync(HttpContext http, Action<IBufferWriter<byte>> write)
    {
        Write(http, write);
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);

        // Synchronous: between taking the thread's buffer and copying it nothing else runs on this thread.
        static void Write(HttpContext http, Action<IBufferWriter<byte>> write)
        {
            var buffer = t_answer ??= new ArrayBufferWriter<byte>(1024);
            buffer.ResetWrittenCount();
            write(buffer);
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = buffer.WrittenCount;
            http.Response.BodyWriter.Write(buffer.WrittenSpan);
        }
    }

    private bool Admit(HttpContext http, ReadOnlySpan<byte> body)
    {
        var verdict = authenticator.Verify(new WebhookRequest(http.Request.Headers, body, http.Request.Method, options.Value.PublicUrl ?? ""));
        if (verdict.IsAccepted)
        {
            return true;
        }

        Refuse(http, StatusCodes.Status401Unauthorized, verdict.Rejection.ToString());
        return false;
    }

    private void Refuse(HttpContext http, int status, string reason)
    {
        Telemetry.WebhookRefusals.Add(1, new KeyValuePair<string, object?>(Telemetry.Tag.Reason, reason));
        if (Interlocked.Increment(ref _refusals) % RefusalsPerLine == 1)
        {
            LogRefused(status, reason, _refusals);
        }

        http.Response.StatusCode = status;
    }

    [LoggerMessage(2201, LogLevel.Warning, "A webhook request was refused with {Status} ({Reason}); {Total} refused so far, one line for each hundred")]
    private partial void LogRefused(int status, string reason, long total);
}
