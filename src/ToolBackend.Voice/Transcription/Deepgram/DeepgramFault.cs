using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Transcription.Deepgram;

/// <summary>What Deepgram's close frames and error codes mean.</summary>
internal static class DeepgramFault
{
    internal const string Provider = "deepgram";

    /// <summary>The code is at the beginning or in a sentence: <c>NET-0001</c>, <c>DATA-0000</c>.</summary>
    internal static ProviderException Closed(int status, string description)
    {
        var code = description.Contains("net0001", StringComparison.OrdinalIgnoreCase) || description.Contains("NET-0001", StringComparison.Ordinal) ? "NET-0001"
            : description.Contains("NET-", StringComparison.Ordinal) ? "NET"
            : description.Contains("DATA-", StringComparison.Ordinal) ? "DATA"
            : status is 0 or 1005 ? "closed" : status.ToString();
        // 1008 says that what we sent cannot be used; the same again would end the same way.
        return new ProviderException(Provider, status == 1008 ? ProviderFault.Rejected : ProviderFault.ServerError, code);
    }

    internal static ProviderException Error(string? code) =>
        new(Provider, code is "UNPARSABLE_CLIENT_MESSAGE" ? ProviderFault.Protocol : ProviderFault.ServerError, Known(code));

    /// <summary>Codes are written to logs: only what looks like one.</summary>
    private static string Known(string? code) => code is { Length: > 0 and <= 64 } && code.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? code : "error";
}
