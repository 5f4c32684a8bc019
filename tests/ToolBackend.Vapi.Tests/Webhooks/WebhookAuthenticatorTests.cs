using Microsoft.AspNetCore.Http;
using ToolBackend.Vapi.Webhooks;

namespace ToolBackend.Vapi.Tests.Webhooks;

public class WebhookAuthenticatorTests
{
    private static readonly byte[] Body = "{}"u8.ToArray();
    private static readonly WebhookAuthenticationOptions Shared = new() { Secret = Signed.Secret };

    [Theory]
    [InlineData("X-Vapi-Secret", Signed.Secret, WebhookScheme.VapiSecret)]
    [InlineData("x-vapi-secret", Signed.Secret, WebhookScheme.VapiSecret)]
    [InlineData("Authorization", "Bearer " + Signed.Secret, WebhookScheme.Bearer)]
    [InlineData("authorization", "bearer  " + Signed.Secret, WebhookScheme.Bearer)]
    [InlineData("Authorization", Signed.Secret, WebhookScheme.Bearer)]
    public void A_shared_secret_is_accepted_in_every_form_that_Vapi_sends(string header, string value, WebhookScheme scheme)
    {
        var verdict = Signed.Verify(Shared, new HeaderDictionary { [header] = value }, Body);

        verdict.Scheme.ShouldBe(scheme);
        verdict.KeyId.ShouldBe("current");
    }

    [Theory]
    [InlineData("X-Vapi-Secret", "")]
    [InlineData("X-Vapi-Secret", "a-shared-secret-of-32-bytes-lon")]
    [InlineData("X-Vapi-Secret", "a-shared-secret-of-32-bytes-longg")]
    [InlineData("X-Vapi-Secret", "A-shared-secret-of-32-bytes-long")]
    [InlineData("Authorization", "Basic a-shared-secret-of-32-bytes-long")]
    [InlineData("Authorization", "Bearer ")]
    public void A_wrong_secret_is_refused(string header, string value) =>
        Signed.Verify(Shared, new HeaderDictionary { [header] = value }, Body).Rejection.ShouldBe(WebhookRejection.WrongSecret);

    [Fact]
    public void A_message_without_credentials_is_refused() =>
        Signed.Verify(Shared, [], Body).Rejection.ShouldBe(WebhookRejection.MissingCredentials);

    [Fact]
    public void A_very_long_secret_is_refused() =>
        Signed.Verify(Shared, new HeaderDictionary { ["X-Vapi-Secret"] = new string('x', 30_000) }, Body).Rejection.ShouldBe(WebhookRejection.WrongSecret);

    [Fact]
    public void A_secret_sent_twice_is_refused() =>
        Signed.Verify(Shared, new HeaderDictionary { ["X-Vapi-Secret"] = new[] { Signed.Secret, "x" } }, Body).Rejection.ShouldBe(WebhookRejection.AmbiguousHeader);

    [Fact]
    public void A_bearer_token_is_accepted_in_a_header_of_any_name()
    {
        var options = new WebhookAuthenticationOptions { Secret = Signed.Secret, HeaderName = "X-Clinic-Token" };

        Signed.Verify(options, new HeaderDictionary { ["x-clinic-token"] = "Bearer " + Signed.Secret }, Body).IsAccepted.ShouldBeTrue();
        Signed.Verify(options, new HeaderDictionary { ["Authorization"] = "Bearer " + Signed.Secret }, Body).IsAccepted.ShouldBeFalse();
    }

    [Fact]
    public void Either_configured_scheme_lets_a_message_in()
    {
        var options = new WebhookAuthenticationOptions { Secret = Signed.Secret, Hmac = { Secret = Signed.OtherSecret } };
        using var signer = new WebhookSigner(options);
        var hmac = Signed.Headers(signer.HmacHeaders(Body, Signed.Now));

        Signed.Verify(options, Signed.Headers(signer.BearerHeaders(withPrefix: false)), Body).Scheme.ShouldBe(WebhookScheme.Bearer);
        Signed.Verify(options, hmac, Body).Scheme.ShouldBe(WebhookScheme.Hmac);
        hmac["X-Vapi-Secret"] = "wrong";
        Signed.Verify(options, hmac, Body).Scheme.ShouldBe(WebhookScheme.Hmac);
    }

    [Theory]
    [InlineData(WebhookHmacAlgorithm.Sha1, WebhookSignatureEncoding.Hex)]
    [InlineData(WebhookHmacAlgorithm.Sha256, WebhookSignatureEncoding.Base64)]
    [InlineData(WebhookHmacAlgorithm.Sha512, WebhookSignatureEncoding.Hex)]
    [InlineData(WebhookHmacAlgorithm.Sha512, WebhookSignatureEncoding.Base64)]
    public void Every_algorithm_and_encoding_verifies_what_the_signer_wrote(WebhookHmacAlgorithm algorithm, WebhookSignatureEncoding encoding)
    {
        var options = Signed.Hmac(hmac =>
        {
            hmac.Algorithm = algorithm;
            hmac.SignatureEncoding = encoding;
        });
        using var signer = new WebhookSigner(options);

        Signed.Verify(options, Signed.Headers(signer.HmacHeaders(Body, Signed.Now)), Body).IsAccepted.ShouldBeTrue();
        Signed.Verify(options, Signed.Headers(signer.HmacHeaders(Body, Signed.Now)), "[]"u8.ToArray()).Rejection.ShouldBe(WebhookRejection.WrongSignature);
    }

    [Theory]
    [InlineData("msg.1")]
    [InlineData("msg 1")]
    [InlineData("msg/1")]
    public void A_message_id_with_other_characters_is_refused(string id)
    {
        var options = Signed.StandardWebhooks();
        using var signer = new WebhookSigner(options);

        Signed.Verify(options, Signed.Headers(signer.HmacHeaders(Body, Signed.Now, id)), Body).Rejection.ShouldBe(WebhookRejection.MalformedMessageId);
    }

    [Fact]
    public void A_message_id_has_at_most_128_characters()
    {
        var options = Signed.StandardWebhooks();
        using var signer = new WebhookSigner(options);

        Signed.Verify(options, Signed.Headers(signer.HmacHeaders(Body, Signed.Now, new string('a', 128))), Body).IsAccepted.ShouldBeTrue();
        Signed.Verify(options, Signed.Headers(signer.HmacHeaders(Body, Signed.Now, new string('a', 129))), Body).IsAccepted.ShouldBeFalse();
    }

    [Fact]
    public void Everything_is_accepted_when_authentication_is_off() =>
        Signed.Verify(new() { Authentication = WebhookAuthenticationMode.Off }, [], Body).Scheme.ShouldBe(WebhookScheme.Off);
}
