using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ToolBackend.Api.Hosting;

/// <summary>What a stranger may cost before anything is known of them.</summary>
public static class RequestLimits
{
    /// <summary>Vapi repeats the whole assistant and the history in most messages, so a small limit would break real calls.</summary>
    public const int MaxBodyBytes = 5 * 1024 * 1024;

    public static void Apply(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = MaxBodyBytes;
        options.Limits.MaxRequestHeaderCount = 64;
        options.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        options.Limits.MaxRequestLineSize = 8 * 1024;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        options.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(130); // longer than common proxies keep theirs
        options.Limits.MaxConcurrentConnections = 10_000;
    }
}
