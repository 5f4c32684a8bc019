using System.Xml;
using System.Xml.Linq;

namespace ToolBackend.LocalStack.Simulators.Twilio.Phone;

/// <summary>Requests about one call, signed as Twilio's are.</summary>
/// <param name="end">Of the simulation.</param>
internal sealed class PhoneWebhooks(PhoneOptions options, string callSid, PhoneRecord record, CancellationToken end) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = options.WebhookDeadline };

    /// <summary>TwiML of an address; of the fallback when that fails; a hang-up when that fails too.</summary>
    public async Task<XElement> AskAsync(string url, string status, IReadOnlyList<KeyValuePair<string, string>> more)
    {
        var (answer, error) = await TryAsync(url, status, more);
        if (answer is null && options.FallbackUrl is { } fallback)
        {
            (answer, error) = await TryAsync(fallback, status, [new("ErrorCode", error!), new("ErrorUrl", url)]);
        }

        if (answer is null)
        {
            record.Violated($"{error} application error");
        }

        return answer ?? new XElement("Response");
    }

    private async Task<(XElement? Answer, string? Error)> TryAsync(string url, string status, IReadOnlyList<KeyValuePair<string, string>> more)
    {
        try
        {
            var body = await PostAsync(url, status, more);
            return body is null ? (null, "11200") : (XElement.Parse(body), null);
        }
        catch (XmlException)
        {
            return (null, "12100");
        }
    }

    /// <returns>The answer; null when there is none, or it is no success.</returns>
    public async Task<string?> PostAsync(string url, string status, IReadOnlyList<KeyValuePair<string, string>> more)
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["CallSid"] = callSid, ["AccountSid"] = options.AccountSid, ["ApiVersion"] = "2010-04-01", ["From"] = options.From, ["To"] = options.To, ["Caller"] = options.From,
            ["Called"] = options.To, ["CallStatus"] = status, ["Direction"] = options.IsOutbound ? "outbound-api" : "inbound", ["FromCity"] = "", ["FromCountry"] = "US", ["CallToken"] = "%7B%7D",
        };
        foreach (var (name, value) in options.AnsweredBy is { } answered ? [.. more, new("AnsweredBy", answered)] : more)
        {
            form[name] = value;
        }

        var bare = url.Split('#')[0];
        using var request = new HttpRequestMessage(HttpMethod.Post, bare) { Content = new FormUrlEncodedContent(form) };
        request.Headers.TryAddWithoutValidation("X-Twilio-Signature", RequestSigner.Sign(options.AuthToken, bare, form));
        request.Headers.TryAddWithoutValidation("I-Twilio-Idempotency-Token", Guid.NewGuid().ToString());
        request.Headers.TryAddWithoutValidation("User-Agent", "TwilioProxy/1.1");
        try
        {
            using var response = await _http.SendAsync(request, end);
            return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync(end) : null;
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !end.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>A file that a document names, which is not signed.</summary>
    /// <exception cref="HttpRequestException">There is none.</exception>
    public Task<byte[]> FileAsync(Uri address) => _http.GetByteArrayAsync(address, end);

    public void Dispose() => _http.Dispose();
}
