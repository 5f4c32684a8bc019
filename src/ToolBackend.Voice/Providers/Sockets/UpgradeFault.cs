using System.Net;

namespace ToolBackend.Voice.Providers.Sockets;

/// <summary>What the HTTP status of a refused upgrade says.</summary>
internal static class UpgradeFault
{
    internal static ProviderFault Of(HttpStatusCode status) => (int)status switch
    {
        401 => ProviderFault.Authentication,
        402 => ProviderFault.Quota,
        408 or 504 => ProviderFault.TimedOut,
        429 => ProviderFault.RateLimited,
        // 403 is a model or a feature that the plan lacks, and at Deepgram a misspelt model too: the key is good for others.
        >= 400 and < 500 => ProviderFault.Rejected,
        >= 500 => ProviderFault.ServerError,
        _ => ProviderFault.Protocol,
    };
}
