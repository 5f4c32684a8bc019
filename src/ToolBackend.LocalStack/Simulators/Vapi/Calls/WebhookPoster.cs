using System.Net.Http.Headers;
using System.Text.Json;

namespace ToolBackend.LocalStack.Simulators.Vapi.Calls;

/// <summary>One POST to the webhook.</summary>
/// <param name="Status">Null: no answer, or none in time; <paramref name="Failure"/> says which.</param>
public sealed record WebhookAttempt(int? Status, string? Failure, TimeSpan Took);

/// <summary>Posts messages as Vapi does: fresh signature for every attempt, same id for all attempts of a message.</summary>
internal sealed class WebhookPoster(WebhookTarget target, TimeProvider time, HttpMessageHandler? handler) : IDisposable
{
    /// <summary>The carrier gives 15 s; Vapi keeps half of it.</summary>
    private static readonly TimeSpan s_assistantRequestTimeout = TimeSpan.FromSeconds(7.5);

    private const int LongestAnswer = 1024 * 1024;

    private readonly HttpClient _http = new(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Timeout.InfiniteTimeSpan };

    public WebhookTarget Target => target;

    public async Task<(WebhookAttempt Attempt, byte[] Answer)> PostAsync(ScriptedMessage message, string messageId, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(message.Type == "assistant-request" ? s_assistantRequestTimeout : target.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        using var request = Request(message.Body, messageId);
        var began = time.GetTimestamp();
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            await answer.Content.LoadIntoBufferAsync(LongestAnswer, both.Token);
            var body = await answer.Content.ReadAsByteArrayAsync(both.Token);
            return (new WebhookAttempt((int)answer.StatusCode, null, time.GetElapsedTime(began)), body);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (new WebhookAttempt(null, "timeout", time.GetElapsedTime(began)), []);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            var kind = (error as HttpRequestException)?.HttpRequestError ?? HttpRequestError.ResponseEnded;
            return (new WebhookAttempt(null, JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString()), time.GetElapsedTime(began)), []);
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(byte[] body, string messageId)
    {
        var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        var request = new HttpRequestMessage(HttpMethod.Post, target.Url) { Content = content };
        foreach (var (name, value) in target.Credential.Headers(body, time.GetUtcNow(), messageId, target.Url))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        foreach (var (name, value) in target.Headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }
}
