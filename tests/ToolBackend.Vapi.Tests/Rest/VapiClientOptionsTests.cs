using ToolBackend.Vapi.Rest;

namespace ToolBackend.Vapi.Tests.Rest;

public class VapiClientOptionsTests
{
    private static VapiClientOptions With(Action<VapiClientOptions> change)
    {
        var options = new VapiClientOptions { ApiKey = "private-key" };
        change(options);
        return options;
    }

    [Theory]
    [InlineData("https://api.vapi.ai")]
    [InlineData("https://api.eu.vapi.ai/")]
    [InlineData("http://127.0.0.1:4242")]
    [InlineData("http://localhost:4242")]
    public void Regions_and_stand_ins_on_this_machine_are_accepted(string url) => With(options => options.BaseUrl = url).Validate().ShouldBeEmpty();

    [Theory]
    [InlineData("http://api.vapi.ai")]
    [InlineData("http://10.0.0.1")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("api.vapi.ai")]
    [InlineData("https://key@api.vapi.ai")]
    [InlineData("https://api.vapi.ai?key=secret")]
    [InlineData("")]
    public void Other_addresses_are_refused_and_not_quoted(string url)
    {
        var error = With(options => options.BaseUrl = url).Validate().ShouldHaveSingleItem();

        error.ShouldStartWith("Vendors:Vapi:BaseUrl");
        error.ShouldNotContain("secret");
        error.ShouldNotContain("key@");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("  ")]
    [InlineData("zebra\nquagga")]
    [InlineData("schlüssel")]
    public void A_key_that_cannot_be_sent_is_refused_and_not_quoted(string? key)
    {
        var error = With(options => options.ApiKey = key).Validate().ShouldHaveSingleItem();

        error.ShouldStartWith("Vendors:Vapi:ApiKey");
        (key ?? "").Split((char[])['\n', ' '], StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(part => !error.Contains(part, StringComparison.Ordinal));
        Should.Throw<ArgumentException>(() => new VapiClient(With(options => options.ApiKey = key), TimeProvider.System));
    }

    [Fact]
    public void Every_limit_is_named()
    {
        var errors = With(options =>
        {
            options.AttemptTimeout = TimeSpan.Zero;
            options.TotalTimeout = TimeSpan.FromHours(2);
            options.MaxAttempts = 0;
            options.RetryDelay = TimeSpan.FromHours(1);
            options.MaxRetryDelay = TimeSpan.FromMinutes(11);
            options.RequestsPerSecond = 0;
            options.MaxInFlight = 65;
            options.MaxWaiting = -1;
            options.MaxAnswerBytes = 1;
        }).Validate();

        errors.Select(error => error.Split(' ')[0]["Vendors:Vapi:".Length..]).ShouldBe(
            ["AttemptTimeout", "TotalTimeout", "MaxAttempts", "RetryDelay", "MaxRetryDelay", "RequestsPerSecond", "MaxInFlight", "MaxWaiting", "MaxAnswerBytes"]);
    }
}
