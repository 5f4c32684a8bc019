
namespace ToolBackend.Voice.Hosting;

internal static class PublicUrl
{
    /// <summary>Twilio signs over it letter by letter, so nothing may be added to it or taken away.</summary>
    public static bool IsUsable(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && (address.Scheme is "https" || (address.Scheme is "http" && address.IsLoopback))
        && url.Length == address.GetLeftPart(UriPartial.Authority).Length && address.UserInfo.Length == 0;
}
