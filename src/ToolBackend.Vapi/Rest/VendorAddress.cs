using ToolBackend.Vapi.Webhooks;

namespace ToolBackend.Vapi.Rest;

/// <summary>The rule for base addresses of vendors' APIs. They may carry a key in their user part or query by mistake: the rule never quotes them.</summary>
public static class VendorAddress
{
    /// <summary>What is wrong with an address, as the end of a sentence that begins with its setting; null for nothing.</summary>
    public static string? Problem(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http"))
        {
            return "must be an https address";
        }

        if (url.Scheme == "http" && !LoopbackAddress.Is(address))
        {
            return "must be https; http is for loopback only";
        }

        return url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0 ? "must have no user, query or fragment" : null;
    }
}
