using ToolBackend.Testing;
using ToolBackend.Voice.Twilio;

namespace ToolBackend.Voice.Tests.Twilio;

/// <summary>Row S8, of the tokens.</summary>
public sealed class StreamTokensTests
{
    private static readonly byte[] s_key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private readonly ManualClock _clock = new();
    private readonly StreamTokens _tokens;

    public StreamTokensTests() => _tokens = new StreamTokens(s_key, _clock);

    [Fact]
    public void S8_a_token_opens_its_call_once()
    {
        var token = _tokens.Mint("CA1");
        _tokens.Redeem(token, "CA1").ShouldBe(TokenVerdict.Accepted);
        _tokens.Redeem(token, "CA1").ShouldBe(TokenVerdict.Used);
    }

    [Fact]
    public void S8_a_token_of_another_call_or_of_another_key_is_refused()
    {
        _tokens.Redeem(_tokens.Mint("CA1"), "CA2").ShouldBe(TokenVerdict.Forged);
        new StreamTokens(new byte[32], _clock).Redeem(_tokens.Mint("CA1"), "CA1").ShouldBe(TokenVerdict.Forged);
    }

    [Fact]
    public void S8_a_token_lives_for_thirty_seconds()
    {
        var (early, late) = (_tokens.Mint("CA1"), _tokens.Mint("CA1"));
        _clock.Advance(StreamTokens.Lifetime);
        _tokens.Redeem(early, "CA1").ShouldBe(TokenVerdict.Accepted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        _tokens.Redeem(late, "CA1").ShouldBe(TokenVerdict.Expired);
    }

    [Fact]
    public void S8_a_longer_life_cannot_be_written_into_a_token()
    {
        var parts = _tokens.Mint("CA1").Split('.');
        _tokens.Redeem($"{long.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture) + 60_000}.{parts[1]}.{parts[2]}", "CA1").ShouldBe(TokenVerdict.Forged);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("1.2")]
    [InlineData("x.y.z")]
    [InlineData("-1.y.z")]
    [InlineData("99999999999999999999.y.z")]
    public void S8_what_is_no_token_is_refused(string? token) => _tokens.Redeem(token, "CA1").ShouldBe(TokenVerdict.Malformed);

    [Fact]
    public void Another_replica_with_the_same_key_accepts_it() => new StreamTokens(s_key, _clock).Redeem(_tokens.Mint("CA1"), "CA1").ShouldBe(TokenVerdict.Accepted);
}
