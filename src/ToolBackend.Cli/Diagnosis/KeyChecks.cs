using System.Net.Http.Headers;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Rest;
using ToolBackend.Vapi.Twilio;

namespace ToolBackend.Cli.Diagnosis;

/// <summary>Whether the keys in the environment are accepted where they belong.</summary>
internal sealed class KeyChecks(Probe probe, EnvironmentSettings environment, string? twilioAccount, Func<string, string?> readEnvironmentVariable, TimeProvider time)
{
    private static readonly TimeSpan s_attempt = TimeSpan.FromSeconds(5);

    // An id that no object has: only a key that is accepted hears so.
    private const string Nobody = "assistant/00000000-0000-4000-8000-000000000000";

    private static readonly Vendor[] s_vendors =
    [
        new("Deepgram", "DEEPGRAM_API_KEY", "https://api.deepgram.com", "/v1/projects", key => (new AuthenticationHeaderValue("Token", key), null)),
        new("AssemblyAI", "ASSEMBLYAI_API_KEY", "https://api.assemblyai.com", "/v2/transcript?limit=1", key => (null, ("Authorization", key))),
        new("Groq", "GROQ_API_KEY", "https://api.groq.com", "/openai/v1/models", key => (new AuthenticationHeaderValue("Bearer", key), null)),
        new("Together", "TOGETHER_API_KEY", "https://api.together.xyz", "/v1/models", key => (new AuthenticationHeaderValue("Bearer", key), null)),
        new("Fireworks", "FIREWORKS_API_KEY", "https://api.fireworks.ai", "/inference/v1/models", key => (new AuthenticationHeaderValue("Bearer", key), null)),
        new("ElevenLabs", "ELEVENLABS_API_KEY", "https://api.elevenlabs.io", "/v1/models", key => (null, ("xi-api-key", key))),
    ];

    public IEnumerable<Check> All => [new("Vapi key", VapiAsync), new("Twilio key", TwilioAsync), .. s_vendors.Where(vendor => KeyOf(vendor) is not null).Select(vendor => new Check(vendor.Name + " key", token => VendorAsync(vendor, token)))];

    private async Task<CheckResult> VapiAsync(CancellationToken cancellation)
    {
        if (readEnvironmentVariable(environment.VapiKeyVariable) is not { Length: > 0 } key)
        {
            return CheckResult.Fail($"{environment.VapiKeyVariable} is not set", $"export {environment.VapiKeyVariable}=... (a private key of the organisation)", CheckArea.Key);
        }

        var options = new VapiClientOptions { BaseUrl = environment.VapiBaseUrl.AbsoluteUri, ApiKey = key, MaxAttempts = 2, AttemptTimeout = s_attempt };
        if (options.Validate() is [var first, ..])
        {
            return CheckResult.Fail(first.Replace("Vendors:Vapi:ApiKey", environment.VapiKeyVariable, StringComparison.Ordinal), $"correct {environment.VapiKeyVariable}", CheckArea.Key);
        }

        using var vapi = new VapiClient(options, time);
        try
        {
            await vapi.GetAsync(Nobody, cancellation);
            return CheckResult.Ok($"{environment.VapiBaseUrl.Host} accepts {environment.VapiKeyVariable}");
        }
        catch (VapiApiException refused) when (refused.Failure == VapiFailure.Auth)
        {
            return CheckResult.Fail($"{environment.VapiBaseUrl.Host} refuses {environment.VapiKeyVariable}", "use a private key of this region's organisation, from Vapi's dashboard", CheckArea.Key);
        }
    }

    private async Task<CheckResult> TwilioAsync(CancellationToken cancellation)
    {
        if (readEnvironmentVariable(environment.TwilioTokenVariable) is not { Length: > 0 } token)
        {
            return CheckResult.Skip($"{environment.TwilioTokenVariable} is not set: the numbers' addresses are not looked after", $"export {environment.TwilioTokenVariable}=...");
        }

        var options = new TwilioClientOptions
        {
            BaseUrl = environment.TwilioBaseUrl.AbsoluteUri,
            AccountSid = twilioAccount ?? readEnvironmentVariable("TWILIO_ACCOUNT_SID"),
            AuthToken = token,
            MaxAttempts = 2,
            AttemptTimeout = s_attempt,
        };
        if (options.Validate() is [var first, ..])
        {
            return CheckResult.Fail(first, "name the account in a phone number's twilioAccountSid, or set TWILIO_ACCOUNT_SID", CheckArea.Key);
        }

        using var twilio = new TwilioClient(options, time);
        try
        {
            var numbers = await twilio.ListNumbersAsync(cancellation);
            return CheckResult.Ok($"{environment.TwilioBaseUrl.Host} accepts {environment.TwilioTokenVariable}; {numbers.Count} {(numbers.Count == 1 ? "number" : "numbers")}");
        }
        catch (TwilioApiException refused) when (refused.Failure is TwilioFailure.Auth or TwilioFailure.NotFound)
        {
            return CheckResult.Fail($"{environment.TwilioBaseUrl.Host} refuses {environment.TwilioTokenVariable} (status {refused.Status})", "check the account's SID and its auth token in Twilio's console", CheckArea.Key);
        }
    }

    private async Task<CheckResult> VendorAsync(Vendor vendor, CancellationToken cancellation)
    {
        var (variable, key) = KeyOf(vendor)!.Value;
        var address = readEnvironmentVariable($"Vendors__{vendor.Name}__BaseUrl") is { Length: > 0 } elsewhere ? elsewhere : vendor.BaseUrl;
        if (!Uri.TryCreate(address.TrimEnd('/') + vendor.Path, UriKind.Absolute, out var url) || !(url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)))
        {
            return CheckResult.Fail($"Vendors__{vendor.Name}__BaseUrl is no https address", "write https://...; http is for loopback only");
        }

        if (key.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return CheckResult.Fail($"{variable} has blanks or letters beyond ASCII", $"correct {variable}", CheckArea.Key);
        }

        var (authorization, header) = vendor.Proof(key);
        var seen = await probe.GetAsync(url, authorization, header, cancellation);
        return seen.Status switch
        {
            >= 200 and < 300 => CheckResult.Ok($"{url.Host} accepts {variable}"),
            401 or 403 => CheckResult.Fail($"{url.Host} refuses {variable} (status {seen.Status})", $"put a valid key into {variable}", CheckArea.Key),
            _ => CheckResult.Warn($"{url.Host} answered {seen.Status}: whether it accepts {variable} is not known", "try again in a while"),
        };
    }

    /// <summary>As the hosts are configured, or by the vendor's own name of the variable.</summary>
    private (string Variable, string Key)? KeyOf(Vendor vendor) => new[] { $"Vendors__{vendor.Name}__ApiKey", vendor.KeyVariable }
        .Select(variable => (variable, Value: readEnvironmentVariable(variable))).Where(entry => entry.Value is { Length: > 0 }).Select(entry => ((string, string)?)(entry.variable, entry.Value!)).FirstOrDefault();

    private sealed record Vendor(
        string Name, string KeyVariable, string BaseUrl, string Path, Func<string, (AuthenticationHeaderValue? Authorization, (string Name, string Value)? Header)> Proof);
}
