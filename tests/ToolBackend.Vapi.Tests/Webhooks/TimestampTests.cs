using System.Globalization;
using Microsoft.AspNetCore.Http;
using ToolBackend.Vapi.Webhooks;

namespace ToolBackend.Vapi.Tests.Webhooks;

public class TimestampTests
{
    private static readonly byte[] Body = "{}"u8.ToArray();

    // The receiver's clock stands inside a second: the limit must be inclusive for senders that count whole seconds.
    private static readonly DateTimeOffset Clock = Signed.Now.AddMilliseconds(730);

    private static AuthenticationVerdict At(double seconds, bool milliseconds)
    {
        var options = Signed.Hmac();
        using var signer = new WebhookSigner(options);
        return Signed.Verify(options, Signed.Headers(signer.HmacHeaders(Body, Clock.AddMilliseconds(Math.Round(seconds * 1000)), milliseconds: milliseconds)), Body, Clock);
    }

    [Theory]
    [InlineData(-300, false)]
    [InlineData(300, false)]
    [InlineData(-300, true)]
    [InlineData(300, true)]
    [InlineData(0, false)]
    public void S4_a_timestamp_up_to_300_seconds_off_is_accepted(double seconds, bool milliseconds)
    {
        var verdict = At(seconds, milliseconds);

        verdict.IsAccepted.ShouldBeTrue();
        verdict.ClockSkew.ShouldBe(TimeSpan.FromSeconds(seconds));
    }

    [Theory]
    [InlineData(-301, false)]
    [InlineData(-301, true)]
    [InlineData(-300.001, true)]
    public void S4_a_timestamp_301_seconds_old_is_refused(double seconds, bool milliseconds) =>
        At(seconds, milliseconds).Rejection.ShouldBe(WebhookRejection.TimestampTooOld);

    [Theory]
    [InlineData(301, false)]
    [InlineData(301, true)]
    [InlineData(300.001, true)]
    public void S4_a_timestamp_301_seconds_ahead_is_refused(double seconds, bool milliseconds) =>
        At(seconds, milliseconds).Rejection.ShouldBe(WebhookRejection.TimestampTooNew);

    [Theory]
    [InlineData("")]
    [InlineData("-1614265330")]
    [InlineData("+1614265330")]
    [InlineData("1614265330.5")]
    [InlineData("1e9")]
    [InlineData(" 1614265330")]
    [InlineData("99999999999999999999")]
    [InlineData("١٦١٤٢٦٥٣٣٠")]
    public void S4_a_timestamp_that_is_no_whole_number_is_refused(string timestamp)
    {
        var headers = new HeaderDictionary { ["x-signature"] = new string('0', 64), ["x-timestamp"] = timestamp };

        Signed.Verify(Signed.Hmac(), headers, Body).Rejection.ShouldBe(WebhookRejection.MalformedTimestamp);
    }

    [Fact]
    public void S4_two_timestamps_are_refused()
    {
        var now = Signed.Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var headers = new HeaderDictionary { ["x-signature"] = new string('0', 64), ["x-timestamp"] = new[] { now, now } };

        Signed.Verify(Signed.Hmac(), headers, Body).Rejection.ShouldBe(WebhookRejection.AmbiguousHeader);
    }

    [Fact]
    public void The_clock_skew_of_authentic_messages_only_is_observed()
    {
        var options = Signed.Hmac();
        using var signer = new WebhookSigner(options);
        using var authenticator = new WebhookAuthenticator(options, new FixedTime(Signed.Now));
        authenticator.LastClockSkew.ShouldBe(TimeSpan.Zero);

        var forged = Signed.Headers(signer.HmacHeaders(Body, Signed.Now.AddSeconds(200)));
        authenticator.Verify(new WebhookRequest(forged, "[]"u8)).IsAccepted.ShouldBeFalse();
        authenticator.LastClockSkew.ShouldBe(TimeSpan.Zero);

        authenticator.Verify(new WebhookRequest(Signed.Headers(signer.HmacHeaders(Body, Signed.Now.AddSeconds(-7))), Body)).IsAccepted.ShouldBeTrue();
        authenticator.LastClockSkew.ShouldBe(TimeSpan.FromSeconds(-7));
    }
}
