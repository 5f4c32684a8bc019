using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Transcription;

namespace ToolBackend.Voice.Tests.Transcription;

public sealed class SwitchPlanTests
{
    [Fact]
    public void A_lost_connection_is_opened_again_once_and_then_the_next_hears()
    {
        var plan = new SwitchPlan(2);
        Next(plan, 0, ProviderFault.ServerError).ShouldBe((0, 0));
        Next(plan, 0, ProviderFault.TimedOut).ShouldBe((1, 0));
    }

    [Fact]
    public void Who_served_again_gets_a_second_chance_again()
    {
        var plan = new SwitchPlan(2);
        Next(plan, 0, ProviderFault.ServerError).ShouldBe((0, 0));
        plan.Served();
        Next(plan, 0, ProviderFault.ServerError).ShouldBe((0, 0));
    }

    [Theory]
    [InlineData(ProviderFault.Authentication)]
    [InlineData(ProviderFault.Quota)]
    [InlineData(ProviderFault.Rejected)]
    public void F7_who_refused_for_good_is_never_asked_again(ProviderFault fault)
    {
        var plan = new SwitchPlan(2);
        Next(plan, 0, fault).ShouldBe((1, 0));
        Next(plan, 1, ProviderFault.ServerError).ShouldBe((1, 0));
        Next(plan, 1, ProviderFault.ServerError).ShouldBe((1, 250));
        Next(plan, 1, fault).ShouldBe((null, 0));
    }

    [Fact]
    public void Who_did_not_answer_at_all_or_wants_less_work_is_not_asked_twice()
    {
        new SwitchPlan(2).Next(0, new ProviderException("x", ProviderFault.TimedOut, "connect"), connected: false, static _ => true).Link.ShouldBe(1);
        Next(new SwitchPlan(2), 0, ProviderFault.RateLimited).ShouldBe((1, 0));
    }

    [Fact]
    public void Round_the_chain_the_pauses_grow_to_two_seconds()
    {
        var plan = new SwitchPlan(1);
        var pauses = new List<double>();
        for (var i = 0; i < 12; i++)
        {
            pauses.Add(plan.Next(0, new ProviderException("x", ProviderFault.ServerError), connected: true, static _ => true).Pause.TotalMilliseconds);
        }

        pauses.ShouldBe([0, 250, 0, 500, 0, 1000, 0, 2000, 0, 2000, 0, 2000]);
    }

    [Fact]
    public void A_closed_gate_is_passed_over_unless_nobody_else_is_left()
    {
        new SwitchPlan(3).First(static link => link != 0).ShouldBe(1);
        new SwitchPlan(3).First(static _ => false).ShouldBe(0);
    }

    private static (int?, double) Next(SwitchPlan plan, int current, ProviderFault fault)
    {
        var choice = plan.Next(current, new ProviderException("x", fault), connected: true, static _ => true);
        return (choice.Link, choice.Pause.TotalMilliseconds);
    }
}
