using System.Text;
using ToolBackend.LocalStack.Simulators.Vapi.Calls;

namespace ToolBackend.LocalStack.Tests.Simulators.Vapi.Calls;

public class WebhookCredentialTests
{
    private static readonly Uri Url = new("https://tools.example.com/hook");

    private static Dictionary<string, string> Headers(WebhookCredential credential, string body, long seconds, string id = "msg_1") =>
        credential.Headers(Encoding.UTF8.GetBytes(body), DateTimeOffset.FromUnixTimeSeconds(seconds), id, Url).ToDictionary(header => header.Name, header => header.Value, StringComparer.OrdinalIgnoreCase);

    [Theory]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    public void Standard_Webhooks_signs_its_published_example(string key)
    {
        var headers = Headers(WebhookCredential.StandardWebhooks(key), """{"test": 2432232314}""", 1614265330, "msg_p5jXN8AQM9LWM0D4loKWxJek");

        headers["webhook-signature"].ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        headers["webhook-id"].ShouldBe("msg_p5jXN8AQM9LWM0D4loKWxJek");
        headers["webhook-timestamp"].ShouldBe("1614265330");
    }

    [Fact]
    public void A_body_alone_is_signed_as_GitHub_publishes_it()
    {
        var credential = new HmacCredential("It's a Secret to Everybody") { IncludeTimestamp = false, SignatureHeader = "X-Hub-Signature-256", SignaturePrefix = "sha256=" };

        Headers(credential, "Hello, World!", 0).ShouldBe(
            new Dictionary<string, string> { ["X-Hub-Signature-256"] = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17" });
    }

    [Fact]
    public void A_placeholder_inside_the_body_stays_as_it_is()
    {
        var credential = new HmacCredential("secret-of-at-least-24-bytes");

        Headers(credential, "{timestamp}", 5)["x-signature"].ShouldNotBe(Headers(credential, "5", 5)["x-signature"]);
    }

    [Fact]
    public void The_shared_secret_and_the_bearer_token_have_their_headers()
    {
        Headers(WebhookCredential.VapiSecret("s3cret"), "{}", 0).ShouldBe(new Dictionary<string, string> { ["X-Vapi-Secret"] = "s3cret" });
        Headers(WebhookCredential.Bearer("s3cret"), "{}", 0).ShouldBe(new Dictionary<string, string> { ["Authorization"] = "Bearer s3cret" });
        Headers(WebhookCredential.None, "{}", 0).ShouldBeEmpty();
    }

    [Fact]
    public void A_credential_does_not_print_its_secret()
    {
        WebhookCredential.Bearer("s3cret").ToString().ShouldNotContain("s3cret");
        new HmacCredential("s3cret").ToString().ShouldNotContain("s3cret");
    }
}
