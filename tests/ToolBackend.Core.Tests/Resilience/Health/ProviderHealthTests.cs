using ToolBackend.Core.Resilience.Health;

namespace ToolBackend.Core.Tests.Resilience.Health;

/// <summary>The table of <see cref="ProviderHealth"/>, and what no sequence of events may break.</summary>
public sealed class ProviderHealthTests
{
    private static readonly DateTimeOffset s_start = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly HealthRules s_rules = HealthRules.Default;
    private readonly List<(TimeSpan At, HealthTransition What)> _seen = [];
    private HealthState _state = HealthState.Initial;
    private TimeSpan _at;

    [Fact]
    public void One_failure_makes_it_suspect_and_ten_seconds_without_another_make_it_healthy()
    {
        Fail(0);
        _state.Phase.ShouldBe(HealthPhase.Suspect);
        ProviderHealth.Admits(_state, s_rules, 0.99).ShouldBeTrue("it is still asked");
        Pass(10);
        _state.Phase.ShouldBe(HealthPhase.Suspect);
        Pass(10.1);
        _state.Phase.ShouldBe(HealthPhase.Healthy);
    }

    [Fact]
    public void Three_failures_within_ten_seconds_take_it_out_for_five()
    {
        Fail(0);
        Fail(5);
        Fail(10);
        _state.Phase.ShouldBe(HealthPhase.Down);
        _seen[^1].What.ShouldBe(new HealthTransition(HealthPhase.Suspect, HealthPhase.Down, HealthCause.Server, TimeSpan.FromSeconds(5)));
        ProviderHealth.Admits(_state, s_rules, 0).ShouldBeFalse();
    }

    [Fact]
    public void Three_failures_over_more_than_ten_seconds_do_not()
    {
        Fail(0);
        Fail(5);
        Fail(10.1);
        _state.Phase.ShouldBe(HealthPhase.Suspect);
    }

    [Theory]
    [InlineData(19, 1, false)]
    [InlineData(20, 1, false)]
    [InlineData(20, 2, true)]
    [InlineData(19, 2, false)]
    public void Twice_the_budget_at_p95_of_twenty_answers_takes_it_out(int answers, int slow, bool isOut)
    {
        var rules = s_rules with { Budget = TimeSpan.FromMilliseconds(500) };
        for (var i = 0; i < answers; i++)
        {
            Do(i, new HealthEvent.Served(TimeSpan.FromMilliseconds(i < answers - slow ? 300 : 1001)), rules);
        }

        (_state.Phase is HealthPhase.Down).ShouldBe(isOut);
        (_state.Cause is HealthCause.Slow).ShouldBe(isOut);
    }

    [Fact]
    public void A_refused_key_takes_it_out_until_the_configuration_changes()
    {
        Do(0, new HealthEvent.Failed(HealthCause.Authentication));
        _state.IsPermanent.ShouldBeTrue();
        for (var second = 1; second < 10_000; second++)
        {
            Do(second, second % 2 == 0 ? new HealthEvent.ProbeServed() : new HealthEvent.Served());
        }

        _state.Phase.ShouldBe(HealthPhase.Down);
        Do(10_000, new HealthEvent.Reconfigured());
        _state.Phase.ShouldBe(HealthPhase.Healthy);
        _seen.Count.ShouldBe(2);
    }

    [Fact]
    public void It_comes_back_after_its_time_out_five_good_probes_and_a_minute_of_five_percent()
    {
        TakeOut();
        Do(14.9, new HealthEvent.ProbeServed());
        _state.GoodProbes.ShouldBe(0, "it cools off");
        for (var i = 0; i < 5; i++)
        {
            _state.Phase.ShouldBe(HealthPhase.Down);
            Do(15 + (2 * i), new HealthEvent.ProbeServed());
        }

        _state.Phase.ShouldBe(HealthPhase.Probation);
        ProviderHealth.Admits(_state, s_rules, 0.049).ShouldBeTrue();
        ProviderHealth.Admits(_state, s_rules, 0.05).ShouldBeFalse();
        Pass(82.9);
        _state.Phase.ShouldBe(HealthPhase.Probation);
        Pass(83);
        _state.Phase.ShouldBe(HealthPhase.Healthy);
    }

    [Fact]
    public void A_bad_probe_starts_the_five_anew_and_puts_them_off_for_thirty_seconds_at_most()
    {
        TakeOut();
        var at = 15.0;
        Do(at, new HealthEvent.ProbeServed());
        foreach (var wait in new[] { 5, 10, 20, 30, 30 })
        {
            at = (_state.ProbeAt - s_start).TotalSeconds;
            Do(at, new HealthEvent.ProbeFailed(HealthCause.Connectivity));
            _state.GoodProbes.ShouldBe(0);
            (_state.ProbeAt - s_start).TotalSeconds.ShouldBe(at + wait);
        }
    }

    [Fact]
    public void Each_relapse_doubles_the_time_out_up_to_five_minutes_and_ten_minutes_of_health_forgive()
    {
        TakeOut();
        var at = 15.0;
        foreach (var wait in new[] { 10, 20, 40, 80, 160, 300, 300 })
        {
            at = ProbeUntilProbation();
            Fail(at + 1);
            _state.Phase.ShouldBe(HealthPhase.Down);
            _seen[^1].What.For!.Value.TotalSeconds.ShouldBe(wait, 0.001);
        }

        at = ProbeUntilProbation() + 61;
        Pass(at);
        _state.Phase.ShouldBe(HealthPhase.Healthy);
        at += 601;
        Fail(at);
        Fail(at);
        Fail(at);
        _seen[^1].What.For.ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void A_time_out_varies_by_a_fifth()
    {
        foreach (var (chance, seconds) in new[] { (0.0, 4.0), (0.5, 5.0), (1.0, 6.0) })
        {
            var state = HealthState.Initial;
            HealthTransition? transition = null;
            for (var i = 0; i < 3; i++)
            {
                (state, transition) = ProviderHealth.Step(state, new HealthEvent.Failed(HealthCause.Late), s_start, s_rules, chance);
            }

            transition!.For!.Value.TotalSeconds.ShouldBe(seconds, 0.001);
        }
    }

    [Fact]
    public void Out_of_credit_counts_like_a_failure_but_the_time_out_is_the_longest()
    {
        for (var i = 0; i < 3; i++)
        {
            Do(i, new HealthEvent.Failed(HealthCause.Quota));
        }

        _seen[^1].What.For.ShouldBe(TimeSpan.FromMinutes(5));
    }

    [Fact]
    public void A_relapse_within_a_minute_of_coming_back_waits_for_that_minute()
    {
        TakeOut();
        var at = ProbeUntilProbation() + 60;
        Pass(at);
        _state.Phase.ShouldBe(HealthPhase.Healthy);
        for (var i = 1; i <= 58; i++)
        {
            Fail(at + i);
            _state.Phase.ShouldBe(HealthPhase.Suspect);
        }

        Pass(at + 60);
        _state.Phase.ShouldBe(HealthPhase.Down);
    }

    [Fact]
    public void F10_a_provider_that_flaps_every_five_seconds_for_ten_minutes_is_switched_once_a_minute_at_most_and_is_back_within_three_minutes_of_lasting_health()
    {
        foreach (var seed in Enumerable.Range(1, 50))
        {
            (_state, _at) = (HealthState.Initial, TimeSpan.Zero);
            _seen.Clear();
            var random = new Random(seed);
            var flapping = TimeSpan.FromMinutes(10);
            for (var second = 0.0; second < flapping.TotalSeconds + 180; second += 0.25)
            {
                var isUp = second >= flapping.TotalSeconds || (int)(second / 5) % 2 == 0;
                var now = s_start + TimeSpan.FromSeconds(second);
                Do(second, new HealthEvent.Tick(), chance: random.NextDouble());
                if (ProviderHealth.IsProbeDue(_state, now))
                {
                    Do(second, isUp ? new HealthEvent.ProbeServed() : new HealthEvent.ProbeFailed(HealthCause.Connectivity), chance: random.NextDouble());
                }

                if (ProviderHealth.Admits(_state, s_rules, random.NextDouble()))
                {
                    Do(second, isUp ? new HealthEvent.Served() : new HealthEvent.Failed(HealthCause.Connectivity), chance: random.NextDouble());
                }
            }

            Switches().ShouldAllBe(gap => gap >= TimeSpan.FromSeconds(60));
            _state.Phase.ShouldBe(HealthPhase.Healthy, $"seed {seed}: it has lasted for three minutes");
        }
    }

    [Fact]
    public void No_sequence_of_events_takes_it_out_of_its_table()
    {
        (HealthPhase, HealthPhase)[] legal =
        [
            (HealthPhase.Healthy, HealthPhase.Suspect), (HealthPhase.Suspect, HealthPhase.Healthy), (HealthPhase.Healthy, HealthPhase.Down), (HealthPhase.Suspect, HealthPhase.Down),
            (HealthPhase.Down, HealthPhase.Probation), (HealthPhase.Probation, HealthPhase.Down), (HealthPhase.Probation, HealthPhase.Healthy), (HealthPhase.Down, HealthPhase.Healthy),
        ];
        var rules = s_rules with { Budget = TimeSpan.FromMilliseconds(500) };
        for (var seed = 0; seed < 300; seed++)
        {
            (_state, _at) = (HealthState.Initial, TimeSpan.Zero);
            _seen.Clear();
            var random = new Random(seed);
            var mayRefuse = seed % 3 == 0;
            var refusals = new List<TimeSpan>();
            for (var i = 0; i < 2000; i++)
            {
                var before = _state;
                var at = _at + TimeSpan.FromSeconds(Math.Pow(random.NextDouble(), 3) * 20);
                HealthEvent what = random.Next(100) switch
                {
                    < 25 => new HealthEvent.Served(TimeSpan.FromMilliseconds(random.Next(1500))),
                    < 45 => new HealthEvent.Failed((HealthCause)random.Next(5)),
                    < 75 => new HealthEvent.ProbeServed(),
                    < 80 => new HealthEvent.ProbeFailed((HealthCause)random.Next(5)),
                    80 when mayRefuse => new HealthEvent.Failed(HealthCause.Authentication),
                    81 when mayRefuse => new HealthEvent.Reconfigured(),
                    _ => new HealthEvent.Tick(),
                };
                Do(at.TotalSeconds, what, rules, random.NextDouble());
                if (_seen is [.., var (seenAt, transition)] && seenAt == _at && before.Phase != _state.Phase)
                {
                    legal.ShouldContain((transition.From, transition.To));
                    (before.IsPermanent && what is not HealthEvent.Reconfigured).ShouldBeFalse("only the configuration ends it");
                    (transition is { From: HealthPhase.Down, To: HealthPhase.Healthy } && what is not HealthEvent.Reconfigured).ShouldBeFalse();
                    if (_state.IsPermanent || what is HealthEvent.Reconfigured)
                    {
                        refusals.Add(_at);
                    }
                }

                _state.CoolOff.ShouldBeLessThanOrEqualTo(rules.LongestCoolOff);
                _state.Failures.Length.ShouldBeLessThanOrEqualTo(rules.Failures);
                _state.GoodProbes.ShouldBeLessThan(rules.Probes);
            }

            if (refusals.Count == 0)
            {
                Switches().ShouldAllBe(gap => gap >= TimeSpan.FromSeconds(60), $"seed {seed}");
            }
        }
    }

    [Fact]
    public void What_another_replica_tells_is_taken_over_with_a_time_out_of_its_own()
    {
        var (state, transition) = ProviderHealth.Adopt(HealthState.Initial, HealthPhase.Down, HealthCause.Late, TimeSpan.FromSeconds(20), isPermanent: false, s_start, s_rules, 1);
        transition.ShouldBe(new HealthTransition(HealthPhase.Healthy, HealthPhase.Down, HealthCause.Late, TimeSpan.FromSeconds(24)));
        (state.SwitchedAt, state.CoolOff).ShouldBe((s_start, TimeSpan.FromSeconds(20)));
        ProviderHealth.Adopt(state, HealthPhase.Down, HealthCause.Late, TimeSpan.FromSeconds(20), isPermanent: false, s_start.AddSeconds(3), s_rules, 0).State.ProbeAt.ShouldBe(state.ProbeAt, "a time out is not begun twice");
    }

    private IEnumerable<TimeSpan> Switches()
    {
        var at = _seen.Where(s => s.What.IsSwitch).Select(s => s.At).ToList();
        return at.Zip(at.Skip(1), (a, b) => b - a);
    }

    private void TakeOut()
    {
        Fail(10);
        Fail(10);
        Fail(10);
        _state.Phase.ShouldBe(HealthPhase.Down);
    }

    /// <summary>The second at which it begins.</summary>
    private double ProbeUntilProbation()
    {
        while (_state.Phase is HealthPhase.Down)
        {
            Do((_state.ProbeAt - s_start).TotalSeconds, new HealthEvent.ProbeServed());
        }

        _state.Phase.ShouldBe(HealthPhase.Probation);
        return _at.TotalSeconds;
    }

    private void Fail(double second) => Do(second, new HealthEvent.Failed(HealthCause.Server));

    private void Pass(double second) => Do(second, new HealthEvent.Tick());

    private void Do(double second, HealthEvent what, HealthRules? rules = null, double chance = 0.5)
    {
        _at = TimeSpan.FromSeconds(second);
        (_state, var transition) = ProviderHealth.Step(_state, what, s_start + _at, rules ?? s_rules, chance);
        if (transition is not null)
        {
            _seen.Add((_at, transition));
        }
    }
}
