using ToolBackend.Vapi.Twilio;

namespace ToolBackend.Vapi.Tests.Twilio;

public sealed class TwilioClientOptionsTests
{
    private static TwilioClientOptions With(Action<TwilioClientOptions> change)
    {
        var options = new TwilioClientOptions { AccountSid = "AC00000000000000000000000000000001", AuthToken = "token-of-the-account" };
        change(options);
        return options;
    }

    [Theory]
    [InlineData("https://api.twilio.com")]
    [InlineData("https://api.dublin.ie1.twilio.com/")]
    [InlineData("http://127.0.0.1:4242")]
    public void Regions_and_stand_ins_on_this_machine_are_accepted(string url) => With(options => options.BaseUrl = url).Validate().ShouldBeEmpty();

    [Theory]
    [InlineData("http://api.twilio.com")]
    [InlineData("https://AC1:token-secret@api.twilio.com")]
    [InlineData("api.twilio.com")]
    public void Other_addresses_are_refused_and_not_quoted(string url)
    {
        var error = With(options => options.BaseUrl = url).Validate().ShouldHaveSingleItem();

        error.ShouldStartWith("Vendors:Twilio:BaseUrl");
        error.ShouldNotContain("token-secret");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("zebra quagga")]
    [InlineData("schlüssel")]
    public void A_token_that_cannot_be_sent_is_refused_and_not_quoted(string? token)
    {
        var error = With(options => options.AuthToken = token).Validate().ShouldHaveSingleItem();

        error.ShouldStartWith("Vendors:Twilio:AuthToken");
        error.ShouldNotContain("zebra");
        Should.Throw<ArgumentException>(() => new TwilioClient(With(options => options.AuthToken = token), TimeProvider.System));
    }

    [Fact]
    public void Half_an_api_key_is_refused()
    {
        With(options => options.ApiKeySid = "SK1").Validate().ShouldHaveSingleItem().ShouldStartWith("Vendors:Twilio:ApiKeySecret");
        With(options => options.ApiKeySecret = "secret").Validate().ShouldHaveSingleItem().ShouldStartWith("Vendors:Twilio:ApiKeySid");
    }

    [Fact]
    public void Every_limit_is_named()
    {
        var errors = With(options =>
        {
            options.AccountSid = "AC1";
            options.AttemptTimeout = TimeSpan.Zero;
            options.TotalTimeout = TimeSpan.FromHours(2);
            options.MaxAttempts = 0;
            options.RetryDelay = TimeSpan.FromHours(1);
            options.MaxRetryDelay = TimeSpan.FromMinutes(11);
            options.MaxInFlight = 65;
            options.MaxWaiting = -1;
            options.MaxAnswerBytes = 1;
        }).Validate();

        errors.Select(error => error.Split(' ')[0]["Vendors:Twilio:".Length..]).ShouldBe(
            ["AccountSid", "AttemptTimeout", "TotalTimeout", "MaxAttempts", "RetryDelay", "MaxRetryDelay", "MaxInFlight", "MaxWaiting", "MaxAnswerBytes"]);
    }
}
