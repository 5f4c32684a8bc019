using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace ToolBackend.LocalStack.Simulators.Twilio.Phone;

/// <summary>Signs webhooks and upgrades as Twilio does: HMAC-SHA1 over the address and the sorted form, with the account's auth token.</summary>
internal static class RequestSigner
{
    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "Twilio's algorithm.")]
    public static string Sign(string authToken, string url, IReadOnlyDictionary<string, string> form)
    {
        var signed = url + string.Concat(form.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Key + p.Value));
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(authToken), Encoding.UTF8.GetBytes(signed)));
    }
}
