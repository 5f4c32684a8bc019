using Microsoft.AspNetCore.Http;
using ToolBackend.Vapi.Webhooks;

namespace ToolBackend.Vapi.Tests.Webhooks;

public class PublishedVectorTests
{
    private const string StandardSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static readonly byte[] StandardBody = "{\"test\": 2432232314}"u8.ToArray();
    private static readonly DateTimeOffset StandardTime = DateTimeOffset.FromUnixTimeSeconds(1614265330);

    private static HeaderDictionary Standard(string signature = StandardSignature) => new()
    {
        ["webhook-id"] = "msg_p5jXN8AQM9LWM0D4loKWxJek",
        ["webhook-timestamp"] = "1614265330",
        ["webhook-signature"] = signature,
    };

    [Theory]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    public void S1_the_Standard_Webhooks_vector_is_accepted(string secret)
    {
        var verdict = Signed.Verify(Signed.StandardWebhooks(secret), Standard(), StandardBody, StandardTime);

        verdict.IsAccepted.ShouldBeTrue();
        verdict.MessageId.ShouldBe("msg_p5jXN8AQM9LWM0D4loKWxJek");
        verdict.KeyId.ShouldBe("current");
    }

    [Theory]
    [InlineData("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OA=", WebhookRejection.WrongSignature)]
    [InlineData("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OF=", WebhookRejection.MalformedSignature)]
    [InlineData("v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", WebhookRejection.MalformedSignature)]
    [InlineData("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", WebhookRejection.MalformedSignature)]
    [InlineData("", WebhookRejection.MalformedSignature)]
    public void S1_a_near_miss_of_the_Standard_Webhooks_vector_is_refused(string signature, WebhookRejection reason) =>
        Signed.Verify(Signed.StandardWebhooks(), Standard(signature), StandardBody, StandardTime).Rejection.ShouldBe(reason);

    [Fact]
    public void S1_a_good_signature_is_found_among_bad_and_malformed_ones()
    {
        const string wrong = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=";
        var list = $"v1, v1a,abc v1,tooshort= {wrong} {wrong} {StandardSignature}";

        Signed.Verify(Signed.StandardWebhooks(), Standard(list), StandardBody, StandardTime).IsAccepted.ShouldBeTrue();
    }

    [Fact]
    public void S1_no_more_than_five_well_formed_signatures_are_tried()
    {
        const string wrong = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= ";
        var fifth = string.Concat(Enumerable.Repeat(wrong, 4)) + StandardSignature;
        var sixth = string.Concat(Enumerable.Repeat(wrong, 5)) + StandardSignature;

        Signed.Verify(Signed.StandardWebhooks(), Standard(fifth), StandardBody, StandardTime).IsAccepted.ShouldBeTrue();
        Signed.Verify(Signed.StandardWebhooks(), Standard(sixth), StandardBody, StandardTime).Rejection.ShouldBe(WebhookRejection.WrongSignature);
    }

    [Theory]
    [InlineData("webhook-id", WebhookRejection.MissingMessageId)]
    [InlineData("webhook-timestamp", WebhookRejection.MissingTimestamp)]
    [InlineData("webhook-signature", WebhookRejection.MissingCredentials)]
    public void S1_a_missing_header_is_refused(string header, WebhookRejection reason)
    {
        var headers = Standard();
        headers.Remove(header);

        Signed.Verify(Signed.StandardWebhooks(), headers, StandardBody, StandardTime).Rejection.ShouldBe(reason);
    }

    [Fact]
    public void S1_the_GitHub_vector_is_accepted()
    {
        var options = Signed.Hmac(hmac =>
        {
            hmac.Secret = "It's a Secret to Everybody";
            hmac.SignatureHeader = "X-Hub-Signature-256";
            hmac.SignaturePrefix = "sha256=";
            hmac.IncludeTimestamp = false;
        });
        var headers = new HeaderDictionary { ["X-Hub-Signature-256"] = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17" };

        Signed.Verify(options, headers, "Hello, World!"u8.ToArray()).IsAccepted.ShouldBeTrue();
        Signed.Verify(options, headers, "Hello, World?"u8.ToArray()).Rejection.ShouldBe(WebhookRejection.WrongSignature);
    }
}
