using Microsoft.Extensions.Configuration;
using ToolBackend.Vapi.Webhooks;

namespace ToolBackend.Vapi.Tests.Webhooks;

public class WebhookAuthenticationOptionsTests
{
    private const string Short = "only-23-bytes-of-secret";

    [Fact]
    public void Required_authentication_without_a_secret_is_an_error() =>
        new WebhookAuthenticationOptions().Validate().ShouldHaveSingleItem().ShouldContain("Vapi:Webhook:Secret");

    [Fact]
    public void Secrets_under_24_bytes_are_errors_that_do_not_print_them()
    {
        var options = new WebhookAuthenticationOptions { Secret = Short, PreviousSecret = Short, Hmac = { Secret = Short, PreviousSecret = Short } };

        var errors = options.Validate();

        errors.Count.ShouldBe(4);
        errors.ShouldAllBe(error => error.Contains("24") && !error.Contains(Short));
        Should.Throw<ArgumentException>(() => new WebhookAuthenticator(options, TimeProvider.System)).Message.ShouldNotContain(Short);
    }

    [Fact]
    public void A_base64_secret_counts_its_decoded_bytes()
    {
        var short64 = Convert.ToBase64String(new byte[23]);
        Signed.StandardWebhooks(short64).Validate().ShouldHaveSingleItem().ShouldNotContain(short64);
        Signed.StandardWebhooks("whsec_" + Convert.ToBase64String(new byte[24])).Validate().ShouldBeEmpty();
        Signed.StandardWebhooks("not base64 but longer than 24 bytes").Validate().ShouldHaveSingleItem().ShouldContain("base64");
    }

    [Theory]
    [InlineData("{timestamp}", true)]
    [InlineData("{body}", true)]
    [InlineData("{timestamp}.{body}.x", false)]
    [InlineData("{svix-id}.{timestamp}.{body}", true)]
    public void A_payload_format_that_signs_too_little_is_an_error(string format, bool includeTimestamp) =>
        Signed.Hmac(hmac =>
        {
            hmac.PayloadFormat = format;
            hmac.IncludeTimestamp = includeTimestamp;
        }).Validate().ShouldHaveSingleItem().ShouldContain("PayloadFormat");

    [Theory]
    [InlineData("http://127.0.0.1:5080", true)]
    [InlineData("http://localhost:5080", true)]
    [InlineData("http://[::1]:5080", true)]
    [InlineData("http://0.0.0.0:5080", false)]
    [InlineData("http://[::]:5080", false)]
    [InlineData("http://*:5080", false)]
    [InlineData("http://+:5080", false)]
    [InlineData("http://10.0.0.7:5080", false)]
    [InlineData("http://localhost.example.com:5080", false)]
    public void Authentication_may_be_off_on_loopback_only(string address, bool allowed)
    {
        var off = new WebhookAuthenticationOptions { Authentication = WebhookAuthenticationMode.Off };

        (off.OffRefusedFor([address]) is null).ShouldBe(allowed);
        (off.OffRefusedFor(["http://127.0.0.1:1", address]) is null).ShouldBe(allowed);
        off.OffRefusedFor([]).ShouldNotBeNull();
        new WebhookAuthenticationOptions { Secret = Signed.Secret }.OffRefusedFor([address]).ShouldBeNull();
    }

    [Fact]
    public void Settings_bind_from_configuration()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Vapi:Webhook:Secret"] = Signed.Secret,
            ["Vapi:Webhook:Hmac:Secret"] = Signed.OtherSecret,
            ["Vapi:Webhook:Hmac:Algorithm"] = "sha512",
            ["Vapi:Webhook:Hmac:Profile"] = "StandardWebhooks",
            ["Vapi:Webhook:Hmac:SignatureEncoding"] = "base64",
        }).Build();

        var options = configuration.GetSection(WebhookAuthenticationOptions.SectionName).Get<WebhookAuthenticationOptions>()!;

        options.Secret.ShouldBe(Signed.Secret);
        options.Hmac.Secret.ShouldBe(Signed.OtherSecret);
        options.Hmac.Algorithm.ShouldBe(WebhookHmacAlgorithm.Sha512);
        options.Hmac.Profile.ShouldBe(WebhookHmacProfile.StandardWebhooks);
        options.Hmac.SignatureEncoding.ShouldBe(WebhookSignatureEncoding.Base64);
    }
}
