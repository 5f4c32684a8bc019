using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Webhooks;

namespace ToolBackend.Cli.Diagnosis;

/// <summary>
/// Posts to the webhook through its public address what Vapi would post, signed as the definitions' credential says: reached, understood, and nothing taken from strangers.
/// The message is of a type that nobody handles and of no call, so it leaves nothing behind.
/// </summary>
internal sealed class WebhookCheck(Probe probe, DefinitionSet definitions, Func<string, string?> readEnvironmentVariable, TimeProvider time)
{
    private static readonly byte[] s_ping = """{"message":{"type":"doctor"}}"""u8.ToArray();

    /// <summary>One for each address that Vapi is told to post to.</summary>
    public IEnumerable<Check> All => Servers().Select(server => new Check($"webhook {server.Url.GetLeftPart(UriPartial.Path)}", token => PingAsync(server.Url, server.Credential, token)));

    /// <summary>The hosts behind them, each once.</summary>
    public IEnumerable<Uri> Hosts => Servers().Select(server => new Uri(server.Url.GetLeftPart(UriPartial.Authority))).Distinct();

    private IEnumerable<(Uri Url, string? Credential)> Servers() => definitions.Resources
        .Select(resource => resource.Body["server"] as JsonObject)
        .Select(server => (Url: Uri.TryCreate(Text(server?["url"]), UriKind.Absolute, out var url) ? url : null, Credential: Text(server?["credentialId"])))
        .Where(server => server.Url is not null).Select(server => (server.Url!, server.Credential)).Distinct();

    private async Task<CheckResult> PingAsync(Uri url, string? credential, CancellationToken cancellation)
    {
        WebhookAuthenticationOptions proof;
        try
        {
            if (credential is null || definitions.Find(ResourceKind.Credential, credential) is not { } definition
                || Proof(Secrets.FillIn(definition.Body, readEnvironmentVariable)["authenticationPlan"] as JsonObject) is not { } known)
            {
                return CheckResult.Fail("its definition names no credential of which the files say how it signs", "set server.credentialId to one of credentials/");
            }

            proof = known;
        }
        catch (SecretUnsetException unset)
        {
            return CheckResult.Skip($"{unset.Variable} is not set, so nothing can be signed", $"export {unset.Variable}=... as the Api has it");
        }

        if (proof.Validate() is [_, ..])
        {
            return CheckResult.Fail("the credential's secret cannot be used: it is too short, or not in the form that the credential says", "make one of at least 24 random bytes", CheckArea.Key);
        }

        using var signer = new WebhookSigner(proof);
        var headers = signer.Headers(s_ping, time.GetUtcNow(), messageId: null, "POST", url.AbsoluteUri);
        var (status, text, milliseconds) = await probe.PostAsync(url, s_ping, string.IsNullOrEmpty(proof.Secret) ? headers : signer.BearerHeaders(), cancellation);
        if (status != 200)
        {
            return Refused(status) with { Milliseconds = Math.Round(milliseconds, 1) };
        }

        if (text.Trim() != "{}")
        {
            return CheckResult.Fail("something else than the Api answers there", "point the public address (tunnel, load balancer) at the Api");
        }

        var (unsigned, _, _) = await probe.PostAsync(url, s_ping, [], cancellation);
        return (unsigned == 200
            ? CheckResult.Warn("answers, and takes unsigned messages too", "set Vapi:Webhook:Authentication to Required, with the secret")
            : CheckResult.Ok($"signed message answered in {milliseconds:0} ms, unsigned one refused")) with { Milliseconds = Math.Round(milliseconds, 1) };
    }

    private static CheckResult Refused(int status) => status switch
    {
        401 => CheckResult.Fail("the Api refuses our signature", "give the Api (Vapi:Webhook) and this process the same secret, and compare the clocks", CheckArea.Key),
        404 => CheckResult.Fail("nothing is there (status 404)", "the path is /vapi/webhook: correct server.url"),
        502 or 503 or 504 => CheckResult.Fail($"the Api is down, starting or cannot store (status {status})", "look at its /readyz"),
        _ => CheckResult.Fail($"answered {status}", "point the public address (tunnel, load balancer) at the Api"),
    };

    /// <summary>The receiving side's settings that take what a credential of this plan signs.</summary>
    private static WebhookAuthenticationOptions? Proof(JsonObject? plan) => Text(plan?["type"]) switch
    {
        "bearer" => new WebhookAuthenticationOptions { Secret = Text(plan!["token"]), HeaderName = Text(plan["headerName"]) ?? "Authorization" },
        "hmac" => new WebhookAuthenticationOptions
        {
            Hmac = new WebhookHmacOptions
            {
                Secret = Text(plan!["secretKey"]),
                Algorithm = Enum.TryParse<WebhookHmacAlgorithm>(Text(plan["algorithm"]), ignoreCase: true, out var algorithm) ? algorithm : WebhookHmacAlgorithm.Sha256,
                SignatureHeader = Text(plan["signatureHeader"]) ?? "x-signature",
                TimestampHeader = Text(plan["timestampHeader"]) ?? "x-timestamp",
                MessageIdHeader = Text(plan["messageIdHeader"]),
                IncludeTimestamp = Flag(plan["includeTimestamp"]) ?? true,
                PayloadFormat = Text(plan["payloadFormat"]) ?? WebhookHmacOptions.DefaultPayloadFormat,
                SignaturePrefix = Text(plan["signaturePrefix"]),
                SignatureEncoding = Text(plan["signatureEncoding"]) == "base64" ? WebhookSignatureEncoding.Base64 : WebhookSignatureEncoding.Hex,
                SecretIsBase64 = Flag(plan["secretIsBase64"]) ?? false,
            },
        },
        _ => null,
    };

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static bool? Flag(JsonNode? node) => node is JsonValue value && value.TryGetValue(out bool flag) ? flag : null;
}
