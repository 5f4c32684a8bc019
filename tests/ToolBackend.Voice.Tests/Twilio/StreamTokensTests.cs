using ToolBackend.Testing;
using ToolBackend.Voice.Twilio;

namespace ToolBackend.Voice.Tests.Twilio;

/// <summary>Row S8, of the tokens.</summary>
public sealed class StreamTokensTests
{
    private static readonly byte[] s_key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private static readonly KeyValuePair<string, string>[] s_call = [new("assistant", "receptionist"), new("from", "+12065550142"), new("to", "+12065550100")];

    private readonly ManualClock _clock = new();
    private readonly StreamTokens _tokens;

    public StreamTokensTests() => _tokens = new StreamTokens(s_key, _clock);

    [Fact]
    public void S8_a_token_opens_its_call_once()
    {
        var token = _tokens.Mint("CA1", s_call);
        _tokens.Redeem(token, "CA1", s_call).ShouldBe(TokenVerdict.Accepted);
        _tokens.Redeem(token, "CA1", s_call).ShouldBe(TokenVerdict.Used);
    }

    [Fact]
    public void S8_a_token_of_another_call_or_of_another_key_is_refused()
    {
        _tokens.Redeem(_tokens.Mint("CA1", s_call), "CA2", s_call).ShouldBe(TokenVerdict.Forged);
        new StreamTokens(new byte[32], _clock).Redeem(_tokens.Mint("CA1", s_call), "CA1", s_call).ShouldBe(TokenVerdict.Forged);
    }

    [Fact]
    public void S8_a_token_lives_for_thirty_seconds()
    {
        var (early, late) = (_tokens.Mint("CA1", s_call), _tokens.Mint("CA1", s_call));
        _clock.Advance(StreamTokens.Lifetime);
        _tokens.Redeem(early, "CA1", s_call).ShouldBe(TokenVerdict.Accepted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        _tokens.Redeem(late, "CA1", s_call).ShouldBe(TokenVerdict.Expired);
    }

    [Fact]
    public void S8_a_longer_life_cannot_be_written_into_a_token()
    {
        var parts = _tokens.Mint("CA1", s_call).Split('.');
        _tokens.Redeem($"{long.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture) + 60_000}.{parts[1]}.{parts[2]}", "CA1", s_call).ShouldBe(TokenVerdict.Forged);
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
    public void S8_what_is_no_token_is_refused(string? token) => _tokens.Redeem(token, "CA1", s_call).ShouldBe(TokenVerdict.Malformed);

    [Fact]
    public void S8_a_stream_that_names_another_caller_is_refused()
    {
        foreach (var forged in (KeyValuePair<string, string>[][])[
            [new("assistant", "receptionist"), new("from", "+12065550143"), new("to", "+12065550100")],
            [new("assistant", "dispatcher"), new("from", "+12065550142"), new("to", "+12065550100")],
            [new("assistant", "receptionist"), new("to", "+12065550142"), new("from", "+12065550100")],
            [new("assistant", "receptionist"), new("from", "+12065550142")],
            [.. s_call, new("more", "1")],
            [new("assistant", "receptionist4:from12:+12065550142"), new("to", "+12065550100")],
            []])
        {
            _tokens.Redeem(_tokens.Mint("CA1", s_call), "CA1", forged).ShouldBe(TokenVerdict.Forged);
        }
    }

    [Fact]
    public void Parameters_may_come_in_another_order_and_an_empty_one_may_be_left_out()
    {
        var token = _tokens.Mint("CA1", [.. s_call, new("more", "")]);
        _tokens.Redeem(token, "CA1", [.. s_call.Reverse(), new("token", token)]).ShouldBe(TokenVerdict.Accepted);
    }

    [Fact]
    public void Another_replica_with_the_same_key_accepts_it() => new StreamTokens(s_key, _clock).Redeem(_tokens.Mint("CA1", s_call), "CA1", s_call).ShouldBe(TokenVerdict.Accepted);
}
