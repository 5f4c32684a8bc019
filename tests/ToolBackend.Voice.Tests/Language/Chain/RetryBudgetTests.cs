using ToolBackend.Testing;
using ToolBackend.Voice.Language;
using ToolBackend.Voice.Language.Chain;

namespace ToolBackend.Voice.Tests.Language.Chain;

public sealed class RetryBudgetTests
{
    private readonly ManualClock _clock = new();

    private RetryBudget Budget(int floor = 0) => new(new LanguageOptions { RetryFloor = floor }, _clock);

    [Fact]
    public void A_tenth_of_the_last_ten_seconds_may_be_asked_again()
    {
        var budget = Budget();
        for (var i = 0; i < 40; i++)
        {
            budget.Note("groq");
        }

        Enumerable.Range(0, 6).Count(_ => budget.TryTake("groq")).ShouldBe(4);
        budget.TryTake("together-ai").ShouldBeFalse();
    }

    [Fact]
    public void A_few_may_be_asked_again_whatever_the_share()
    {
        var budget = Budget(floor: 2);
        Enumerable.Range(0, 6).Count(_ => budget.TryTake("groq")).ShouldBe(2);
    }

    [Fact]
    public void After_ten_seconds_it_is_forgotten()
    {
        var budget = Budget(floor: 1);
        budget.TryTake("groq").ShouldBeTrue();
        _clock.Advance(TimeSpan.FromSeconds(9));
        budget.TryTake("groq").ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(1));
        budget.TryTake("groq").ShouldBeTrue();
    }
}
