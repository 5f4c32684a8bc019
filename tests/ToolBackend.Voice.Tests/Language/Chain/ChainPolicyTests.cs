using ToolBackend.Voice.Language;
using ToolBackend.Voice.Language.Chain;
using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Tests.Language.Chain;

/// <summary>The table of <see cref="ChainPolicy"/>, with the defaults: 600 ms until a rival starts, 2.5 s in all.</summary>
public sealed class ChainPolicyTests
{
    private static readonly LanguageOptions s_options = new();

    private static AttemptView Running(int link, int startedAt = 0) => new(link, RequestForm.AsAsked, TimeSpan.FromMilliseconds(startedAt), null);

    private static AttemptView Failed(int link, ProviderFault fault = ProviderFault.ServerError, string? code = null, RequestForm form = RequestForm.AsAsked) =>
        new(link, form, TimeSpan.Zero, new ProviderException("p", fault, code));

    private static ChainStep Next(int now, string open, AttemptView[] attempts, bool hasTools = true, bool mayRetry = true) =>
        ChainPolicy.Next(new ChainView([.. open.Select(letter => letter == 'o')], attempts, TimeSpan.FromMilliseconds(now), hasTools, mayRetry), s_options);

    private static ChainStep Start(int link, StartReason why, RequestForm form = RequestForm.AsAsked, bool repeat = false) => new ChainStep.Start(link, form, why, repeat);

    private static ChainStep Wait(int until) => new ChainStep.Wait(TimeSpan.FromMilliseconds(until));

    [Fact]
    public void The_first_open_link_is_asked_first()
    {
        Next(0, "ooo", []).ShouldBe(Start(0, StartReason.First));
        Next(0, "-oo", []).ShouldBe(Start(1, StartReason.First));
    }

    [Fact]
    public void When_all_are_closed_the_first_is_asked_all_the_same() => Next(0, "---", []).ShouldBe(Start(0, StartReason.First));

    [Fact]
    public void A_running_attempt_is_waited_for_until_it_is_late()
    {
        Next(0, "ooo", [Running(0)]).ShouldBe(Wait(600));
        Next(599, "ooo", [Running(0)]).ShouldBe(Wait(600));
        Next(700, "ooo", [Running(0), Running(1, 600)]).ShouldBe(Wait(1200));
    }

    [Fact]
    public void A_late_attempt_gets_a_rival_at_the_next_open_link()
    {
        Next(600, "ooo", [Running(0)]).ShouldBe(Start(1, StartReason.Hedge));
        Next(600, "o-o", [Running(0)]).ShouldBe(Start(2, StartReason.Hedge));
        Next(1200, "ooo", [Running(0), Running(1, 600)]).ShouldBe(Start(2, StartReason.Hedge));
    }

    [Fact]
    public void When_all_are_asked_only_the_limit_is_waited_for() =>
        Next(1800, "ooo", [Running(0), Running(1, 600), Running(2, 1200)]).ShouldBe(Wait(2500));

    [Fact]
    public void A_chain_of_one_is_asked_again_beside_the_late_attempt_once_and_within_the_budget()
    {
        Next(600, "o", [Running(0)]).ShouldBe(Start(0, StartReason.Hedge, repeat: true));
        Next(600, "o", [Running(0)], mayRetry: false).ShouldBe(Wait(2500));
        Next(1300, "o", [Running(0), Running(0, 600)]).ShouldBe(Wait(2500));
    }

    [Fact]
    public void A_failure_goes_to_the_next_at_once_whatever_the_budget()
    {
        foreach (var fault in Enum.GetValues<ProviderFault>())
        {
            Next(50, "ooo", [Failed(0, fault)], mayRetry: false).ShouldBe(Start(1, StartReason.Failover));
        }

        Next(50, "ooo", [Failed(0), Failed(1)]).ShouldBe(Start(2, StartReason.Failover));
    }

    [Fact]
    public void A_failure_beside_a_running_rival_waits_for_the_rival() => Next(700, "ooo", [Failed(0), Running(1, 600)]).ShouldBe(Wait(1200));

    [Theory]
    [InlineData(ProviderFault.Unreachable, true)]
    [InlineData(ProviderFault.ServerError, true)]
    [InlineData(ProviderFault.TimedOut, true)]
    [InlineData(ProviderFault.Protocol, true)]
    [InlineData(ProviderFault.RateLimited, false)]
    [InlineData(ProviderFault.Authentication, false)]
    [InlineData(ProviderFault.Quota, false)]
    [InlineData(ProviderFault.Rejected, false)]
    public void With_nobody_left_a_passing_fault_is_tried_once_more(ProviderFault fault, bool again)
    {
        Next(50, "o", [Failed(0, fault)]).ShouldBe(again ? Start(0, StartReason.Retry, repeat: true) : new ChainStep.GiveUp());
        Next(50, "o", [Failed(0, fault)], mayRetry: false).ShouldBe(new ChainStep.GiveUp());
        Next(50, "o", [Failed(0, fault), Failed(0, fault)]).ShouldBe(new ChainStep.GiveUp());
    }

    [Fact]
    public void A_call_that_the_model_could_not_write_is_tried_cold_then_without_tools_then_elsewhere()
    {
        var first = Failed(0, ProviderFault.Rejected, "tool_use_failed");
        var cold = Failed(0, ProviderFault.Rejected, "tool_use_failed", RequestForm.Cold);
        var bare = Failed(0, ProviderFault.Rejected, "tool_use_failed", RequestForm.WithoutTools);
        Next(50, "oo", [first]).ShouldBe(Start(0, StartReason.Retry, RequestForm.Cold, repeat: true));
        Next(90, "oo", [first, cold]).ShouldBe(Start(0, StartReason.Retry, RequestForm.WithoutTools, repeat: true));
        Next(130, "oo", [first, cold, bare]).ShouldBe(Start(1, StartReason.Failover));
        Next(50, "oo", [first], mayRetry: false).ShouldBe(Start(1, StartReason.Failover));
    }

    [Fact]
    public void Nothing_is_started_when_the_time_is_over()
    {
        Next(2500, "ooo", [Running(0)]).ShouldBe(new ChainStep.GiveUp());
        Next(2500, "ooo", [Failed(0)]).ShouldBe(new ChainStep.GiveUp());
    }

    [Fact]
    public void Whatever_fails_whenever_a_chain_comes_to_an_end()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var attempts = new List<AttemptView>();
            var now = TimeSpan.Zero;
            for (var steps = 0; ; steps++)
            {
                steps.ShouldBeLessThan(60, $"seed {seed}");
                var open = Enumerable.Range(0, 3).Select(_ => random.Next(4) > 0);
                var step = ChainPolicy.Next(new ChainView([.. open], attempts, now, random.Next(2) == 0, random.Next(4) > 0), s_options);
                if (step is ChainStep.GiveUp)
                {
                    break;
                }

                if (step is ChainStep.Start start)
                {
                    attempts.Add(new AttemptView(start.Link, start.Form, now, null));
                }

                if (step is ChainStep.Wait wait)
                {
                    wait.Until.ShouldBeGreaterThan(now);
                    now = wait.Until;
                }

                var at = random.Next(attempts.Count);
                if (random.Next(3) == 0 && attempts[at].IsRunning)
                {
                    var faults = Enum.GetValues<ProviderFault>();
                    attempts[at] = attempts[at] with { Failure = new ProviderException("p", faults[random.Next(faults.Length)], random.Next(3) == 0 ? "tool_use_failed" : null) };
                }
            }
        }
    }
}
