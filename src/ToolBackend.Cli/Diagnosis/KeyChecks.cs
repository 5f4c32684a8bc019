using System.Text.RegularExpressions;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Rest;

namespace ToolBackend.Cli.Diagnosis;

/// <summary>Whether the keys in the environment are accepted where they belong.</summary>
internal sealed partial class KeyChecks(Probe probe, EnvironmentSettings environment, string? twilioAccount, Func<string, string?> readEnvironmentVariable)
{
    public IEnumerable<Check> All =>
    [
        new("Vapi key", VapiAsync),
        new("Twilio key", TwilioAsync),
        .. KeyQuestion.OfSpeechAndLanguage.Where(question => KeyOf(question) is not null).Select(question => new Check(question.Vendor + " key", token => VendorAsync(question, token))),
    ];

    private async Task<CheckResult> VapiAsync(CancellationToken cancellation) =>
        readEnvironmentVariable(environment.VapiKeyVariable) is { Length: > 0 } key
            ? await AskAsync(KeyQuestion.Vapi(environment.VapiBaseUrl), environment.VapiBaseUrl.AbsoluteUri, environment.VapiKeyVariable, key, cancellation) switch
            {
                { Area: CheckArea.Key } refused => refused with { Fix = "use a private key of this region's organisation, from Vapi's dashboard" },
                var other => other,
            }
            : CheckResult.Fail($"{environment.VapiKeyVariable} is not set", $"export {environment.VapiKeyVariable}=... (a private key of the organisation)", CheckArea.Key);

    private async Task<CheckResult> TwilioAsync(CancellationToken cancellation)
    {
        if (readEnvironmentVariable(environment.TwilioTokenVariable) is not { Length: > 0 } token)
        {
            return CheckResult.Skip($"{environment.TwilioTokenVariable} is not set: the numbers' addresses are not looked after", $"export {environment.TwilioTokenVariable}=...");
        }

        return (twilioAccount ?? readEnvironmentVariable("TWILIO_ACCOUNT_SID")) is { } account && AccountSid().IsMatch(account)
            ? await AskAsync(KeyQuestion.Twilio(environment.TwilioBaseUrl, account), environment.TwilioBaseUrl.AbsoluteUri, environment.TwilioTokenVariable, token, cancellation) switch
            {
                { Area: CheckArea.Key } refused => refused with { Fix = "check the account's SID and its auth token in Twilio's console" },
                var other => other,
            }
            : CheckResult.Fail("no account is named: AC and 32 hexadecimal digits", "name the account in a phone number's twilioAccountSid, or set TWILIO_ACCOUNT_SID", CheckArea.Key);
    }

    private Task<CheckResult> VendorAsync(KeyQuestion question, CancellationToken cancellation)
    {
        var (variable, key) = KeyOf(question)!.Value;
        var elsewhere = readEnvironmentVariable($"Vendors__{question.Vendor}__BaseUrl");
        return AskAsync(question, string.IsNullOrEmpty(elsewhere) ? question.BaseUrl : elsewhere, variable, key, cancellation);
    }

    private async Task<CheckResult> AskAsync(KeyQuestion question, string address, string variable, string key, CancellationToken cancellation)
    {
        if (question.At(address) is not { } url)
        {
            return CheckResult.Fail($"Vendors__{question.Vendor}__BaseUrl is no https address", "write https://...; http is for loopback only");
        }

        if (key.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return CheckResult.Fail($"{variable} has blanks or letters beyond ASCII", $"correct {variable}", CheckArea.Key);
        }

        var answer = await probe.AskAsync(url, question.Proof(key), cancellation);
        return answer.Of(url.Host, variable, url.AbsolutePath);
    }

    /// <summary>As the hosts are configured, or by the vendor's own name of the variable.</summary>
    private (string Variable, string Key)? KeyOf(KeyQuestion question)
    {
        foreach (var variable in (string[])[$"Vendors__{question.Vendor}__ApiKey", question.Vendor.ToUpperInvariant() + "_API_KEY"])
        {
            if (readEnvironmentVariable(variable) is { Length: > 0 } key)
            {
                return (variable, key);
            }
        }

        return null;
    }

    [GeneratedRegex("^AC[0-9a-fA-F]{32}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AccountSid();
}
