using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace ToolBackend.Vapi.Definitions.Checks;

/// <summary>No keys and no people's numbers in files. Messages never repeat what was found.</summary>
internal static partial class SecretCheck
{
    private static readonly FrozenSet<string> SecretMembers = FrozenSet.Create(StringComparer.Ordinal,
        "token", "secretKey", "clientSecret", "authToken", "twilioAuthToken", "twilioApiSecret", "apiSecret", "apiKey", "password", "secret", "privateKey");

    private static readonly FrozenSet<string> PhoneMembers = FrozenSet.Create(StringComparer.Ordinal,
        "number", "callerId", "sipUri", "extension", "startsWith", "forwardingPhoneNumber", "numberDesiredAreaCode", "twilioOutgoingCallerId");

    public static void Run(CheckRun run)
    {
        foreach (var resource in run.Definitions.Resources)
        {
            foreach (var (path, written) in CheckRun.Texts(resource))
            {
                Check(run, resource, path, written);
            }
        }
    }

    /// <summary>Where a text holds something that looks like a key; null when it does not.</summary>
    public static int? KeyIn(string text) => Keys().Match(text) is { Success: true } key ? key.Index : null;

    /// <summary>The text with something else in place of each thing that looks like a key.</summary>
    public static string WithoutKeys(string text, string replacement) => Keys().Replace(text, _ => replacement);

    private static void Check(CheckRun run, ResourceDefinition resource, string path, string written)
    {
        var member = Leaf(path);
        if (SecretMembers.Contains(member) && !WholeReference().IsMatch(written))
        {
            run.Error(resource, path, Rules.Secret, $"{path} is a secret and stands in a file", "write ${secret:NAME} and put the value into the environment of the process");
        }
        else if (KeyIn(written) is { } at)
        {
            run.ErrorInside(resource, path, written, at, Rules.Secret, "this looks like a key or a password", "write ${secret:NAME}, and revoke the key if it was ever committed");
        }
        else if (!PhoneMembers.Contains(member) && Phone().Match(written) is { Success: true } phone)
        {
            run.ErrorInside(resource, path, written, phone.Index, Rules.PersonalData, "this looks like somebody's phone number", "make it a variable of the environment if it is the company's own; remove it otherwise");
        }
    }

    private static string Leaf(string path)
    {
        var list = path.EndsWith(']') && path.LastIndexOf('[') is > 0 and var bracket ? path[..bracket] : path;
        return list[(list.LastIndexOf('.') + 1)..];
    }

    [GeneratedRegex(@"^\$\{secret:[A-Za-z_][A-Za-z0-9_]*\}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WholeReference();

    // Vendors' prefixes, bearer headers, JWTs, private keys. Prefixes of Groq, OpenAI-like, Fireworks, ElevenLabs, Stripe-like, Twilio API keys, Slack, AWS, GitHub, Standard Webhooks.
    [GeneratedRegex(
        @"\b(gsk_|sk-|sk_|fw_|ghp_|github_pat_|xox[abprs]-|whsec_)[A-Za-z0-9_/+=-]{16,}|\bSK[0-9a-f]{32}\b|\bAKIA[0-9A-Z]{16}\b|\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.|-----BEGIN [A-Z ]*PRIVATE KEY-----|\b[Bb]earer +[A-Za-z0-9._~+/-]{20,}",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Keys();

    // International with a plus, or the American grouping of three, three and four.
    [GeneratedRegex(@"(?<![\w.-])(\+[0-9][0-9 ().-]{7,18}[0-9]|\(?[0-9]{3}\)?[ .-][0-9]{3}[ .-][0-9]{4})(?![\w-])", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Phone();
}
