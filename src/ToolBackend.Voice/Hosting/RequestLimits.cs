using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ToolBackend.Voice.Hosting;

/// <summary>What a stranger may cost before anything is known of them. Kestrel's own defaults are for browsers: 30 s for headers, 30 MB of body, sockets without end.</summary>
internal static class RequestLimits
{
    public static void Apply(KestrelServerOptions kestrel, VoiceOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 64 * 1024; // Twilio's forms are below 4 kB
        kestrel.Limits.MaxRequestHeaderCount = 64;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.MaxRequestLineSize = 8 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(130); // longer than common proxies keep theirs
        kestrel.Limits.MaxConcurrentConnections = 20_000;
        kestrel.Limits.MaxConcurrentUpgradedConnections = options.MaxCalls + options.MaxPendingSockets;
    }
}
