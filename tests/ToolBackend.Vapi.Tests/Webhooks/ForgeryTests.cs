using System.Globalization;
using Microsoft.AspNetCore.Http;
using ToolBackend.Vapi.Webhooks;

namespace ToolBackend.Vapi.Tests.Webhooks;

public class ForgeryTests(ITestOutputHelper output)
{
    private const int Seed = 20261122;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void S2_no_single_bit_flip_of_body_id_timestamp_or_signature_is_accepted(bool standard)
    {
        output.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        var options = standard ? Signed.StandardWebhooks() : Signed.Hmac(hmac =>
        {
            hmac.MessageIdHeader = "x-id";
            hmac.PayloadFormat = "{svix-id}.{timestamp}.{body}";
            hmac.SignaturePrefix = "sha256=";
        });
        using var signer = new WebhookSigner(options);
        using var authenticator = new WebhookAuthenticator(options, new FixedTime(Signed.Now));
        var tried = 0;
        for (var message = 0; message < 20; message++)
        {
            var body = new byte[20 + random.Next(200)];
            random.NextBytes(body);
            var signed = signer.HmacHeaders(body, Signed.Now, "msg_" + random.Next().ToString(CultureInfo.InvariantCulture));
            var headers = Signed.Headers(signed);
            authenticator.Verify(new WebhookRequest(headers, body)).IsAccepted.ShouldBeTrue();

            for (var bit = 0; bit < body.Length * 8; bit++, tried++)
            {
                body[bit / 8] ^= (byte)(1 << (bit % 8));
                authenticator.Verify(new WebhookRequest(headers, body)).IsAccepted.ShouldBeFalse();
                body[bit / 8] ^= (byte)(1 << (bit % 8));
            }

            foreach (var (name, value) in signed)
            {
                for (var bit = 0; bit < value.Length * 8; bit++, tried++)
                {
                    var flipped = value.ToCharArray();
                    flipped[bit / 8] ^= (char)(1 << (bit % 8));
                    headers[name] = new string(flipped);
                    authenticator.Verify(new WebhookRequest(headers, body)).IsAccepted.ShouldBeFalse(name);
                }

                headers[name] = value;
            }
        }

        output.WriteLine($"{tried} flips");
        tried.ShouldBeGreaterThan(20_000);
    }

    [Fact]
    public void S2_no_random_forgery_is_accepted()
    {
        output.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        var options = Signed.Hmac();
        options.Secret = Signed.OtherSecret;
        using var authenticator = new WebhookAuthenticator(options, new FixedTime(Signed.Now));
        var body = "{\"message\":{\"type\":\"tool-calls\"}}"u8.ToArray();
        var hash = new byte[32];
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(hash);
            var headers = new HeaderDictionary
            {
                ["x-signature"] = Convert.ToHexStringLower(hash),
                ["x-timestamp"] = Signed.Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
                ["X-Vapi-Secret"] = Convert.ToBase64String(hash)[..32],
                ["Authorization"] = "Bearer " + Convert.ToBase64String(hash),
            };
            authenticator.Verify(new WebhookRequest(headers, body)).IsAccepted.ShouldBeFalse();
        }
    }

    [Fact]
    public void S2_a_signature_over_the_method_and_the_url_is_bound_to_them()
    {
        var options = Signed.Hmac(hmac => hmac.PayloadFormat = "{method} {url} {timestamp} {body}");
        using var signer = new WebhookSigner(options);
        var body = "{}"u8.ToArray();
        var headers = Signed.Headers(signer.HmacHeaders(body, Signed.Now, url: "https://tools.example.com/vapi/webhook"));

        Signed.Verify(options, headers, body, url: "https://tools.example.com/vapi/webhook").IsAccepted.ShouldBeTrue();
        Signed.Verify(options, headers, body, url: "https://tools.example.com/other").Rejection.ShouldBe(WebhookRejection.WrongSignature);
    }
}
