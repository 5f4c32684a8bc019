using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Transcription.AssemblyAi;

/// <summary>What AssemblyAI's close codes and errors mean. A bad key is accepted at the upgrade and reported so.</summary>
internal static class AssemblyAiFault
{
    internal const string Provider = "assembly-ai";

    /// <param name="status">Of the close frame or the error message; 0: there was none.</param>
    internal static ProviderException Of(int status, string text) => new(Provider, Kind(status, text), status is 0 or 1005 ? "closed" : status.ToString());

    private static ProviderFault Kind(int status, string text) => status switch
    {
        // The documents contradict each other about the code of the limit of sessions; the words decide.
        1008 or 3009 or 0 when text.Contains("concurrent", StringComparison.OrdinalIgnoreCase) || text.Contains("too many", StringComparison.OrdinalIgnoreCase) => ProviderFault.RateLimited,
        1008 or 0 when text.Contains("balance", StringComparison.OrdinalIgnoreCase) || text.Contains("funds", StringComparison.OrdinalIgnoreCase) => ProviderFault.Quota,
        1008 => ProviderFault.Authentication,
        3009 => ProviderFault.RateLimited,
        3006 or 3007 => ProviderFault.Protocol,
        _ => ProviderFault.ServerError,
    };
}
