namespace ToolBackend.Voice.Providers;

/// <summary>Why a provider could not serve. Decides whether the same one is asked again.</summary>
public enum ProviderFault
{
    /// <summary>Not reached: refused, reset, no such host, TLS.</summary>
    Unreachable,

    /// <summary>Reached, and silent beyond a deadline that fits speech.</summary>
    TimedOut,

    /// <summary>Refuses more work now (429, concurrency).</summary>
    RateLimited,

    /// <summary>Broken or overloaded (5xx, an error frame, a stream that ended early).</summary>
    ServerError,

    /// <summary>The key or the permission. Permanent until the configuration changes.</summary>
    Authentication,

    /// <summary>Out of credit. Permanent until somebody pays.</summary>
    Quota,

    /// <summary>It understood and refused what we asked for: our definition or our bug. The next provider may accept.</summary>
    Rejected,

    /// <summary>It answered what the protocol does not know.</summary>
    Protocol,
}

/// <summary>A speech or language provider failed. The message names the provider, the fault and the vendor's code, never a value of the call.</summary>
/// <param name="provider">As definitions name it, such as <c>deepgram</c>.</param>
/// <param name="code">The vendor's own code or HTTP status; null when there is none.</param>
public sealed class ProviderException(string provider, ProviderFault fault, string? code = null, Exception? inner = null)
    : Exception(code is null ? $"{provider}: {fault}" : $"{provider}: {fault} ({code})", inner)
{
    public string Provider { get; } = provider;

    public ProviderFault Fault { get; } = fault;

    public string? Code { get; } = code;

    /// <summary>As the vendor asked; null when it did not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Asking the same provider again is useless.</summary>
    public bool IsPermanent => Fault is ProviderFault.Authentication or ProviderFault.Quota or ProviderFault.Rejected;
}
