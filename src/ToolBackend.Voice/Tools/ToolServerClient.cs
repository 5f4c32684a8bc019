using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using ToolBackend.Core.Calls;
using ToolBackend.Core.Resilience;
using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Vapi.Webhooks;
using ToolBackend.Voice.Language;

namespace ToolBackend.Voice.Tools;

/// <summary>
/// Asks a tool's own server, as Vapi would: a signed <c>tool-calls</c> message, answered by <c>results</c>. The addresses come from our definitions, never from a caller or a model.
/// </summary>
internal sealed class ToolServerClient(IOptions<WebhookAuthenticationOptions> authentication, TimeProvider time) : IDisposable
{
    private const int MaxAnswer = 256 * 1024;

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(3) })
    {
        Timeout = Timeout.InfiniteTimeSpan, // each request has its definition's
        MaxResponseContentBufferSize = MaxAnswer,
    };

    /// <summary>Never throws for what the server does: a failure is a result that the model can speak of.</summary>
    public async Task<(string Result, bool Failed)> AskAsync(ToolServer server, ModelToolCall call, CallContext context, string assistant)
    {
        var sentAt = time.GetUtcNow();
        var body = JsonSerializer.SerializeToUtf8Bytes(Message(call, context, assistant, sentAt));
        using var deadline = new Deadline(server.Timeout, time, CancellationToken.None);
        using var signer = new WebhookSigner(authentication.Value);
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, value) in signer.Headers(body, sentAt, call.Id, "POST", server.Url))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using var response = await _http.SendAsync(request, deadline.Token).ConfigureAwait(false);
            var answer = response.IsSuccessStatusCode ? await response.Content.ReadAsByteArrayAsync(deadline.Token).ConfigureAwait(false) : [];
            return Read(answer, call.Id) ?? ("The system gave no answer. Apologize, and offer to try again.", true);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or UriFormatException or InvalidOperationException)
        {
            return ("The system did not answer in time. Apologize, and offer to try again.", true);
        }
    }

    public void Dispose() => _http.Dispose();

    private static JsonObject Message(ModelToolCall call, CallContext context, string assistant, DateTimeOffset sentAt)
    {
        JsonObject Call() => new()
        {
            ["id"] = call.Id, ["type"] = "function", ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = ModelArguments.Of(call) },
        };
        JsonObject? Number(Core.Speech.PhoneNumber? number) => number is { } known ? new JsonObject { ["number"] = known.E164 } : null;
        return new JsonObject
        {
            ["message"] = new JsonObject
            {
                ["timestamp"] = sentAt.ToUnixTimeMilliseconds(),
                ["type"] = "tool-calls",
                ["toolCalls"] = new JsonArray(Call()),
                ["toolCallList"] = new JsonArray(Call()),
                ["assistant"] = new JsonObject { ["name"] = assistant },
                ["customer"] = Number(context.Caller),
                ["phoneNumber"] = Number(context.Line),
                ["call"] = new JsonObject { ["id"] = context.CallId, ["type"] = "inboundPhoneCall", ["customer"] = Number(context.Caller) },
            },
        };
    }

    private static (string Result, bool Failed)? Read(byte[] answer, string toolCallId)
    {
        try
        {
            var results = JsonNode.Parse(answer)?["results"] as JsonArray;
            var mine = results?.OfType<JsonObject>().FirstOrDefault(r => (string?)r["toolCallId"] == toolCallId) ?? (results is [JsonObject only] ? only : null);
            return mine switch
            {
                null => null,
                _ when mine["error"] is { } error => (Text(error), true),
                _ when mine["result"] is { } result => (Text(result), false),
                _ => null,
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Text(JsonNode node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : node.ToJsonString();
}
