using System.Net.Http.Headers;
using System.Text;

namespace ToolBackend.Cli.Diagnosis;

/// <summary>What an address said to a GET, and how long it took.</summary>
internal sealed record Sighting(int Status, double Milliseconds, DateTimeOffset? Date, DateTimeOffset SeenAt);

/// <summary>Plain requests for looking around: no redirects, no cookies, one connection per address.</summary>
internal sealed class Probe(TimeProvider time) : IDisposable
{
    private const int LongestAnswer = 64 * 1024;
    private const int BeginningOfError = 4 * 1024;

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <exception cref="HttpRequestException">Nobody answered.</exception>
    public async Task<Sighting> GetAsync(Uri address, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        using var answer = await SendAsync(address, proof: null, cancellation);
        return new Sighting((int)answer.StatusCode, time.GetElapsedTime(began).TotalMilliseconds, answer.Headers.Date, time.GetUtcNow());
    }

    /// <summary>What a vendor says to a key. Of a success nothing is read: a list of models may be long.</summary>
    /// <exception cref="HttpRequestException">Nobody answered.</exception>
    public async Task<KeyAnswer> AskAsync(Uri address, KeyValuePair<string, string> proof, CancellationToken cancellation)
    {
        using var answer = await SendAsync(address, proof, cancellation);
        var text = answer.IsSuccessStatusCode ? "" : await BeginningAsync(answer.Content, cancellation);
        var isPage = answer.Content.Headers.ContentType?.MediaType is "text/html" or "application/xhtml+xml";
        var asked = answer.Headers.RetryAfter;
        return new KeyAnswer((int)answer.StatusCode, isPage, text, asked?.Delta ?? (asked?.Date - time.GetUtcNow()));
    }

    /// <summary>What is at an address.</summary>
    public async Task<(int Status, string Text)> ReadAsync(Uri address, CancellationToken cancellation)
    {
        using var answer = await _http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellation);
        await answer.Content.LoadIntoBufferAsync(LongestAnswer, cancellation);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellation));
    }

    /// <summary>What is answered to a message, and after how long.</summary>
    public async Task<(int Status, string Text, double Milliseconds)> PostAsync(Uri address, byte[] body, IEnumerable<KeyValuePair<string, string>> headers, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var began = time.GetTimestamp();
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        var milliseconds = time.GetElapsedTime(began).TotalMilliseconds;
        await answer.Content.LoadIntoBufferAsync(LongestAnswer, cancellation);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellation), milliseconds);
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(Uri address, KeyValuePair<string, string>? proof, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("ToolBackend", null));
        if (proof is var (name, value))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    private static async Task<string> BeginningAsync(HttpContent content, CancellationToken cancellation)
    {
        var buffer = new byte[BeginningOfError];
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        var count = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return Encoding.UTF8.GetString(buffer, 0, count);
    }
}
