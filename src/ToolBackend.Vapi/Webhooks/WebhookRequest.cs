using Microsoft.AspNetCore.Http;

namespace ToolBackend.Vapi.Webhooks;

/// <summary>The parts of an HTTP request that authentication looks at. The body is the raw bytes as received, before any parsing.</summary>
public readonly ref struct WebhookRequest
{
    public WebhookRequest(IHeaderDictionary headers, ReadOnlySpan<byte> body, string method = "POST", string url = "")
    {
        Headers = headers;
        Body = body;
        Method = method;
        Url = url;
    }

    public IHeaderDictionary Headers { get; }

    public ReadOnlySpan<byte> Body { get; }

    public string Method { get; }

    /// <summary>The public URL as the sender knows it; only needed when the payload format has {url}.</summary>
    public string Url { get; }
}
