using System.Diagnostics;
using System.Net;
using System.Text.Json;
using ToolBackend.Vapi.Messages;
using ToolBackend.Vapi.Webhooks;

namespace ToolBackend.Load.Demo;

/// <summary>What came back for one tool call.</summary>
/// <param name="Say">The sentence the assistant may say.</param>
/// <param name="Failed">The tool could not do its work.</param>
/// <param name="Body">The answer as it was received.</param>
internal sealed record ToolReply(string Say, bool Failed, byte[] Body, double Milliseconds);

/// <summary>One phone call as the webhook sees it: signed messages of the recorded shape, a growing number of tool calls.</summary>
internal sealed class PhoneCall(HttpClient http, WebhookSigner signer, string caller, TimeProvider time)
{
    private int _calls;

    /// <summary>New for each call, as Vapi's are.</summary>
    public string Id { get; } = Guid.CreateVersion7(time.GetUtcNow()).ToString();

    /// <summary>The bytes Vapi would post for one tool call; posting them twice is a redelivery.</summary>
    public byte[] Message(string tool, string arguments) =>
        SampleMessages.ToolCalls([new SampleToolCall($"call_{++_calls:D2}_{Id[^8..]}", tool, arguments)], Id, caller, time.GetUtcNow());

    /// <summary>The call is on: Vapi's status update.</summary>
    /// <exception cref="LoadException">The webhook did not answer as a webhook must.</exception>
    public Task BeginAsync(CancellationToken cancellation) => TellAsync("status-update", [("status", "\"in-progress\"")], cancellation);

    /// <summary>The call is over: the last status update and the report.</summary>
    /// <exception cref="LoadException">The webhook did not answer as a webhook must.</exception>
    public async Task EndAsync(CancellationToken cancellation)
    {
        await TellAsync("status-update", [("status", "\"ended\""), ("endedReason", "\"customer-ended-call\"")], cancellation);
        await TellAsync("end-of-call-report", [("endedReason", "\"customer-ended-call\""), ("analysis", """{"summary":"A demonstration.","successEvaluation":"true"}""")], cancellation);
    }

    /// <exception cref="LoadException">The webhook did not answer as a webhook must.</exception>
    public async Task<ToolReply> PostAsync(byte[] message, CancellationToken cancellation)
    {
        var (body, took) = await SendAsync(message, cancellation);
        using var json = JsonDocument.Parse(body);
        var result = json.RootElement.GetProperty("results")[0];
        return result.TryGetProperty("result", out var said)
            ? new ToolReply(said.GetString()!, false, body, took)
            : new ToolReply(result.GetProperty("error").GetString()!, true, body, took);
    }

    private Task TellAsync(string type, IReadOnlyList<(string Name, string Json)> members, CancellationToken cancellation) =>
        SendAsync(SampleMessages.Event(type, members, Id, caller, time.GetUtcNow()), cancellation);

    private async Task<(byte[] Body, double Milliseconds)> SendAsync(byte[] message, CancellationToken cancellation)
    {
        using var content = new ByteArrayContent(message) { Headers = { ContentType = new("application/json") } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/vapi/webhook") { Content = content };
        foreach (var (name, value) in signer.Headers(message, time.GetUtcNow()))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var started = Stopwatch.GetTimestamp();
        using var response = await http.SendAsync(request, cancellation);
        var body = await response.Content.ReadAsByteArrayAsync(cancellation);
        var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        if (response.StatusCode is not HttpStatusCode.OK)
        {
            throw new LoadException($"The webhook answered {(int)response.StatusCode}.");
        }

        return (body, took);
    }
}
