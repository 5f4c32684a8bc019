using ToolBackend.LocalStack.Simulators.Language;

namespace ToolBackend.LocalStack.Tests.Simulators.Language;

public sealed class TokenTimingTests
{
    [Fact]
    public void Without_a_spread_moments_are_exact() =>
        new TokenTiming().Moments(4, new Random(1)).Select(moment => moment.TotalMilliseconds).ShouldBe([100, 110, 120, 130]);

    [Fact]
    public void With_a_spread_half_are_later_and_half_sooner_and_the_same_seed_gives_the_same()
    {
        var timing = new TokenTiming { Spread = 0.3 };
        var firsts = Enumerable.Range(0, 2000).Select(seed => timing.Moments(1, new Random(seed))[0].TotalMilliseconds).ToList();
        firsts.Count(first => first > 100).ShouldBeInRange(850, 1150);
        timing.Moments(5, new Random(7)).ShouldBe(timing.Moments(5, new Random(7)));
    }
}
