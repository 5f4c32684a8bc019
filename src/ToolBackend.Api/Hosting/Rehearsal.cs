using System.Buffers;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using ToolBackend.Api.Webhooks;
using ToolBackend.Core.Calls.Intake;
using ToolBackend.Core.Tools;
using ToolBackend.Vapi.Calls;
using ToolBackend.Vapi.Messages;
using ToolBackend.Vapi.Webhooks;

namespace ToolBackend.Api.Hosting;

/// <summary>
/// What a first caller would do, done beforehand: look-ups of things that do not exist, a booking and a call's first event that are rolled back, and messages
/// through this server's own socket. It names nobody and leaves nothing, neither rows nor metrics.
/// </summary>
public sealed class Rehearsal(
    IServer server, ToolCallDispatcher tools, CallRehearsal calls, BookingRehearsal bookings, IOptions<WebhookAuthenticationOptions> authentication, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(2);

    private readonly HttpClient _self = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = s_deadline }) { Timeout = s_deadline };

    /// <summary>Look-ups as a caller's; every round other ones, since known answers come from memory.</summary>
    public async Task ReadAsync(int round)
    {
        await CallAsync(round, "track_shipment", $$"""{"trackingNumber":"WARMUP{{round}}"}""");
        await CallAsync(round, "list_appointments", "{}");
    }

    /// <summary>Finding a time and booking it, and the note that a call exists: the longest paths. Their transactions roll back.</summary>
    public async Task WriteAsync(int round, CancellationToken cancellation)
    {
        if (VapiMessageReader.TryRead(Body(round, "list_appointments", "{}"), out var message, out _) && VapiEventReader.Sighting(message, time.GetUtcNow()) is { } reported)
        {
            await calls.RunAsync(reported, cancellation);
        }

        await CallAsync(round, "find_open_slots", """{"date":"tomorrow"}""");
        if (await bookings.ArgumentsAsync() is { } booking)
        {
            await CallAsync(round, "book_appointment", booking);
        }
    }

    /// <summary>One message of a type that needs no answer, through the socket, the limits and the authentication.</summary>
    public async Task PostAsync(CancellationToken cancellation)
    {
        if (OwnAddress() is not { } address)
        {
            return;
        }

        var body = """{"message":{"type":"warm-up"}}"""u8.ToArray();
        using var signer = new WebhookSigner(authentication.Value);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, WebhookEndpoint.Path)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, value) in signer.Headers(body, time.GetUtcNow(), "warm-up"))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _self.SendAsync(request, cancellation);
        await response.Content.ReadAsByteArrayAsync(cancellation);
    }

    public void Dispose() => _self.Dispose();

    private async Task CallAsync(int round, string tool, string arguments)
    {
        if (VapiMessageReader.TryRead(Body(round, tool, arguments), out var message, out _))
        {
            var answer = await tools.AnswerAsync(message, rehearsal: true);
            answer(new ArrayBufferWriter<byte>());
        }
    }

    private byte[] Body(int round, string tool, string arguments) =>
        SampleMessages.ToolCalls([new SampleToolCall($"warm-up-{tool}", tool, arguments)], $"warm-up-{round}", $"+1000000{round:D4}", time.GetUtcNow());

    /// <summary>Plain HTTP on this machine, or nothing: a TLS listener would want a name that we may not know.</summary>
    private Uri? OwnAddress() => server.Features.Get<IServerAddressesFeature>()?.Addresses
        .Select(a => a.Replace("://*", "://127.0.0.1", StringComparison.Ordinal).Replace("://+", "://127.0.0.1", StringComparison.Ordinal)
            .Replace("://[::]", "://127.0.0.1", StringComparison.Ordinal).Replace("://0.0.0.0", "://127.0.0.1", StringComparison.Ordinal))
        .Where(a => a.StartsWith("http://", StringComparison.Ordinal))
        .Select(a => new Uri(a))
        .FirstOrDefault(a => a.IsLoopback);
}
