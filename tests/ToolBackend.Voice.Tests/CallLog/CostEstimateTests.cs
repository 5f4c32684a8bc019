using ToolBackend.Voice.CallLog;

namespace ToolBackend.Voice.Tests.CallLog;

public sealed class CostEstimateTests
{
    private static readonly CallUsage s_usage = new(TimeSpan.FromMinutes(2), "deepgram", [new TokenUse("groq", 3000, 200), new TokenUse("groq", 1000, 0)], "11labs", 500);

    [Fact]
    public void Each_part_is_what_was_used_times_its_rate() =>
        CostEstimate.Of(s_usage, Rates())!.ShouldBe(new CostEstimate(0.02m, 0.5m, 0.05m));

    [Fact]
    public void An_unknown_rate_of_what_was_used_makes_the_cost_unknown()
    {
        CostEstimate.Of(s_usage, new RateOptions()).ShouldBeNull();
        CostEstimate.Of(s_usage with { Voice = "deepgram" }, Rates()).ShouldBeNull();
        CostEstimate.Of(s_usage with { Tokens = [new TokenUse("fireworks", 1, 1)] }, Rates()).ShouldBeNull();
        CostEstimate.Of(s_usage with { Tokens = [new TokenUse(null, 1, 1)] }, Rates()).ShouldBeNull();
    }

    [Fact]
    public void What_was_not_used_needs_no_rate() =>
        CostEstimate.Of(s_usage with { Tokens = [], Voice = "deepgram", Characters = 0 }, Rates())!.Total.ShouldBe(0.02m);

    private static RateOptions Rates() => new()
    {
        Transcribers = { ["deepgram"] = 0.01m }, Models = { ["groq"] = new TokenRates { Input = 0.1m, Output = 0.5m } }, Voices = { ["11labs"] = 0.1m },
    };
}
