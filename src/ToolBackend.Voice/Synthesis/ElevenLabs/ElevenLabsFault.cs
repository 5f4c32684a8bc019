using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Synthesis.ElevenLabs;

/// <summary>What ElevenLabs' error frames and close frames mean. A bad key is accepted at the upgrade and reported so.</summary>
internal static class ElevenLabsFault
{
    internal const string Provider = "11labs";

    internal static ProviderException Error(string error) => new(Provider, Of(error), Known(error));

    /// <summary>An error frame comes before the close; this is for those without.</summary>
    internal static ProviderException Closed(int status, string description) =>
        description.Contains("api key", StringComparison.OrdinalIgnoreCase) || description.Contains("api_key", StringComparison.OrdinalIgnoreCase)
            || description.Contains("authent", StringComparison.OrdinalIgnoreCase) ? new ProviderException(Provider, ProviderFault.Authentication, status.ToString())
        : description.Contains("quota", StringComparison.OrdinalIgnoreCase) ? new ProviderException(Provider, ProviderFault.Quota, status.ToString())
        : new ProviderException(Provider, ProviderFault.ServerError, status is 0 or 1005 ? "closed" : status.ToString());

    private static ProviderFault Of(string error) => error switch
    {
        "invalid_api_key" or "authentication_required" or "unauthorized" or "missing_permissions" => ProviderFault.Authentication,
        "quota_exceeded" => ProviderFault.Quota,
        "too_many_concurrent_requests" or "rate_limit_exceeded" => ProviderFault.RateLimited,
        "system_busy" or "internal_error" => ProviderFault.ServerError,
        "input_timeout_exceeded" => ProviderFault.ServerError,
        "max_active_conversations" => ProviderFault.Protocol,
        _ when error.Contains("voice", StringComparison.Ordinal) || error.Contains("model", StringComparison.Ordinal) || error.Contains("language", StringComparison.Ordinal) => ProviderFault.Rejected,
        _ => ProviderFault.ServerError,
    };

    /// <summary>Codes are written to logs: only what looks like one.</summary>
    private static string Known(string error) => error is { Length: > 0 and <= 64 } && error.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? error : "error";
}
