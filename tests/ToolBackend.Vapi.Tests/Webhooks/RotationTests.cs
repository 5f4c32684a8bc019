using ToolBackend.Vapi.Webhooks;

namespace ToolBackend.Vapi.Tests.Webhooks;

public class RotationTests
{
    private static readonly byte[] Body = "{\"message\":{\"type\":\"hang\"}}"u8.ToArray();

    private static WebhookAuthenticationOptions Options(bool hmac, string secret, string? previous = null) => hmac
        ? new() { Hmac = { Secret = secret, PreviousSecret = previous } }
        : new() { Secret = secret, PreviousSecret = previous };

    private static AuthenticationVerdict Send(WebhookAuthenticationOptions sender, WebhookAuthenticationOptions receiver)
    {
        using var signer = new WebhookSigner(sender);
        return Signed.Verify(receiver, Signed.Headers(signer.Headers(Body, Signed.Now)), Body);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void S5_both_secrets_pass_while_a_secret_is_rotated(bool hmac)
    {
        var receiver = Options(hmac, Signed.OtherSecret, previous: Signed.Secret);

        var old = Send(Options(hmac, Signed.Secret), receiver);
        var fresh = Send(Options(hmac, Signed.OtherSecret), receiver);

        old.IsAccepted.ShouldBeTrue();
        old.KeyId.ShouldBe("previous");
        fresh.IsAccepted.ShouldBeTrue();
        fresh.KeyId.ShouldBe("current");
    }

    [Theory]
    [InlineData(true, WebhookRejection.WrongSignature)]
    [InlineData(false, WebhookRejection.WrongSecret)]
    public void S5_the_old_secret_is_refused_once_it_is_removed(bool hmac, WebhookRejection reason) =>
        Send(Options(hmac, Signed.Secret), Options(hmac, Signed.OtherSecret)).Rejection.ShouldBe(reason);

    [Fact]
    public void S5_a_sender_may_sign_with_both_secrets_at_once()
    {
        using var old = new WebhookSigner(Options(hmac: true, Signed.Secret));
        using var fresh = new WebhookSigner(Options(hmac: true, Signed.OtherSecret));
        var headers = Signed.Headers(old.HmacHeaders(Body, Signed.Now));
        headers["x-signature"] = headers["x-signature"] + " " + fresh.HmacHeaders(Body, Signed.Now)[^1].Value;

        Signed.Verify(Options(hmac: true, Signed.OtherSecret), headers, Body).IsAccepted.ShouldBeTrue();
        Signed.Verify(Options(hmac: true, Signed.Secret), headers, Body).IsAccepted.ShouldBeTrue();
    }
}
