using System.Text;

namespace ToolBackend.Vapi.Rest;

/// <summary>What is asked of a vendor to learn whether it accepts a key: something that costs nothing, changes nothing and is not told without a key.</summary>
/// <param name="Vendor">As in <c>Vendors__NAME__ApiKey</c>.</param>
/// <param name="BaseUrl">The vendor's public address, without a slash at the end.</param>
/// <param name="Path">Path and query, with a slash in front.</param>
/// <param name="Proof">The header that carries a key.</param>
public sealed record KeyQuestion(string Vendor, string BaseUrl, string Path, Func<string, KeyValuePair<string, string>> Proof)
{
    public static KeyQuestion Vapi(Uri api) => new("Vapi", api.AbsoluteUri.TrimEnd('/'), "/assistant?limit=1", Bearer);

    public static KeyQuestion Twilio(Uri api, string account) => new(
        "Twilio", api.AbsoluteUri.TrimEnd('/'), $"/2010-04-01/Accounts/{account}/IncomingPhoneNumbers.json?PageSize=1",
        token => new("Authorization", "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"{account}:{token}"))));

    /// <summary>The vendors that no definition names an address of.</summary>
    public static IReadOnlyList<KeyQuestion> OfSpeechAndLanguage { get; } =
    [
        // Bearer is for Deepgram's short-lived tokens: a key sent so is refused.
        new("Deepgram", "https://api.deepgram.com", "/v1/projects", key => new("Authorization", "Token " + key)),
        // The key alone, without a scheme.
        new("AssemblyAI", "https://api.assemblyai.com", "/v2/transcript?limit=1", key => new("Authorization", key)),
        new("Groq", "https://api.groq.com", "/openai/v1/models", Bearer),
        new("Together", "https://api.together.xyz", "/v1/models", Bearer),
        new("Fireworks", "https://api.fireworks.ai", "/inference/v1/models", Bearer),
        new("ElevenLabs", "https://api.elevenlabs.io", "/v1/models", key => new("xi-api-key", key)),
    ];

    /// <summary>Null when <paramref name="baseUrl"/> is no address to send a key to: https, or http on loopback.</summary>
    /// <param name="baseUrl">May end with the beginning of the path, as clients of OpenAI's API want it: <c>https://api.groq.com/openai/v1</c>.</param>
    public Uri? At(string baseUrl)
    {
        if (!Uri.TryCreate(baseUrl.TrimEnd('/'), UriKind.Absolute, out var address)
            || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)) || address.UserInfo.Length > 0)
        {
            return null;
        }

        var begun = address.AbsolutePath.TrimEnd('/');
        return new Uri(address.GetLeftPart(UriPartial.Authority) + (begun.Length > 0 && Path.StartsWith(begun + "/", StringComparison.Ordinal) ? Path : begun + Path));
    }

    private static KeyValuePair<string, string> Bearer(string key) => new("Authorization", "Bearer " + key);
}
