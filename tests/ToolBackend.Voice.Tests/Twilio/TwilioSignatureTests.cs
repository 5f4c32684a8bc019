using ToolBackend.Voice.Twilio;

namespace ToolBackend.Voice.Tests.Twilio;

/// <summary>Row S1: vectors of Twilio's own SDK and documentation, auth token <c>12345</c>.</summary>
public sealed class TwilioSignatureTests
{
    private static readonly TwilioSignature s_signature = new("12345");

    private static readonly KeyValuePair<string, string>[] s_form =
    [
        new("CallSid", "CA1234567890ABCDE"), new("Caller", "+14158675309"), new("Digits", "1234"), new("From", "+14158675309"), new("To", "+18005551212"),
    ];

    [Theory]
    [InlineData("https://mycompany.com/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8=")]
    [InlineData("https://mycompany.com:443/myapp.php?foo=1&bar=2", "kvajT1Ptam85bY51eRf/AJRuM3w=")]
    [InlineData("http://mycompany.com:80/myapp.php?foo=1&bar=2", "0ZXoZLH/DfblKGATFgpif+LLRf4=")]
    [InlineData("http://mycompany.com:1234/myapp.php?foo=1&bar=2", "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=")]
    public void S1_published_form_vectors_hold(string url, string signature)
    {
        s_signature.Sign(url, s_form).ShouldBe(signature);
        s_signature.Verify(signature, url, s_form).ShouldBeTrue();
    }

    [Fact]
    public void S1_of_a_repeated_parameter_each_value_counts_once() =>
        s_signature.Sign("https://mycompany.com/myapp.php?foo=1&bar=2", [new("Sid", "CA123"), new("SidAccount", "AC123"), new("Digits", "5678"), new("Digits", "1234"), new("Digits", "1234")])
            .ShouldBe("IK+Dwps556ElfBT0I3Rgjkr1wJU=");

    [Fact]
    public void S1_a_signed_body_hash_is_part_of_the_address() =>
        s_signature.Sign("https://mycompany.com/myapp.php?foo=1&bar=2&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620", []).ShouldBe("a9nBmqA0ju/hNViExpshrM61xv4=");

    [Theory]
    [InlineData("+14158675310", "https://example.com/myapp.php?foo=1&bar=2", "L/OH5YylLD5NRKLltdqwSvS0BnU=")]
    [InlineData("+12349013030", "https://mycompany.com/myapp.php?foo=1&bar=2", "0/KCTR6DLpKmkAf8muzZqo1nDgQ=")]
    public void S1_the_documentation_s_examples_hold(string from, string url, string signature) =>
        s_signature.Sign(url, [.. s_form.Where(p => p.Key is not ("From" or "Caller")), new("From", from), new("Caller", from)]).ShouldBe(signature);

    [Theory]
    [InlineData("https://mycompany.com/myapp.php?foo=1&bar=2", "kvajT1Ptam85bY51eRf/AJRuM3w=")]
    [InlineData("https://mycompany.com:443/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8=")]
    public void The_default_port_may_be_signed_or_not(string url, string signature) => s_signature.Verify(signature, url, s_form).ShouldBeTrue();

    [Theory]
    [InlineData("7PR3qMkpDyEJtMrVOY/LDyNq8J8=")]
    [InlineData("T+WBXwUXC0/CyoZ1DA+p9ilZORs=")]
    public void A_socket_s_address_may_be_signed_with_a_slash(string signature) => s_signature.Verify(signature, "wss://example.com/media", []).ShouldBeTrue();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("RSOYDt4T1cUTdK1PDd93/VVr8B9=")]
    [InlineData("rsoydt4t1cutdk1pdd93/vvr8b8=")]
    public void Anything_else_is_refused(string? signature) => s_signature.Verify(signature, "https://mycompany.com/myapp.php?foo=1&bar=2", s_form).ShouldBeFalse();

    [Fact]
    public void Another_address_parameter_or_token_is_refused()
    {
        const string signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8=", url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        s_signature.Verify(signature, url + "&baz=3", s_form).ShouldBeFalse();
        s_signature.Verify(signature, url.Replace("https", "http", StringComparison.Ordinal), s_form).ShouldBeFalse();
        s_signature.Verify(signature, url, [.. s_form, new("Extra", "1")]).ShouldBeFalse();
        new TwilioSignature("12346").Verify(signature, url, s_form).ShouldBeFalse();
    }
}
