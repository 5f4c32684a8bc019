using System.Collections.Immutable;

namespace ToolBackend.Core.Resilience.Health;

/// <summary>
/// Whether new calls go to a provider, with hysteresis: fast out, slow back. Pure; each row is a test of <c>ProviderHealthTests</c>.
/// <code>
///             a failure                    3 failures in 10 s, or p95 over twice    5 good probes   time
///                                          the budget over 20 answers
/// Healthy     Suspect                      Down                                     -               -
/// Suspect     Suspect                      Down                                     -               10 s without a failure: Healthy
/// Down        -                            -                                        Probation       -
/// Probation   Down, twice as long          -                                        -               60 s without a failure: Healthy
/// any         refused key: Down until the configuration changes
/// </code>
/// Between two switches (a refused key aside) lie 60 s: a provider that fails just after it came back is Suspect until then, and its calls find out one by one. A time out begins with 5 s and doubles
/// at each relapse, to 5 min; a failed probe only puts the next one off, to 30 s at most, so that a provider which lasts again is back within 3 min of its first good probe.
/// Calls are never moved back while they last: only new ones ask.
/// </summary>
public static class ProviderHealth
{
    private const int MostSamples = 100;

    /// <param name="chance">0 to 1, for the jitter of a time out.</param>
    /// <returns>The next state, and the transition when the phase is another.</returns>
    public static (HealthState State, HealthTransition? Transition) Step(HealthState state, HealthEvent what, DateTimeOffset now, HealthRules rules, double chance)
    {
        var next = Next(Aged(state, now, rules), what, now, rules, chance);
        if (next.Phase == state.Phase)
        {
            return (next, null);
        }

        next = next with { Since = now, SwitchedAt = next.Serves != state.Serves ? now : next.SwitchedAt };
        return (next, Transition(state, next, now));
    }

    /// <summary>Whether a new call may go there.</summary>
    /// <param name="chance">0 to 1, for those on trial.</param>
    public static bool Admits(HealthState state, HealthRules rules, double chance) => state.Serves || (state.Phase is HealthPhase.Probation && chance < rules.TrialShare);

    /// <summary>The state after another replica told of its own. Times are not compared among replicas, their clocks may differ: a time out begins anew.</summary>
    public static (HealthState State, HealthTransition? Transition) Adopt(HealthState state, HealthPhase phase, HealthCause? cause, TimeSpan coolOff, bool isPermanent, DateTimeOffset now, HealthRules rules, double chance)
    {
        var isDown = phase is HealthPhase.Down;
        var next = new HealthState
        {
            Phase = phase,
            Since = phase == state.Phase ? state.Since : now,
            SwitchedAt = HealthState.IsServing(phase) != state.Serves ? now : state.SwitchedAt,
            IsPermanent = isDown && isPermanent,
            Cause = cause,
            CoolOff = coolOff,
            ProbeAt = !isDown || isPermanent ? DateTimeOffset.MaxValue : phase == state.Phase && !state.IsPermanent ? state.ProbeAt : now + Jittered(coolOff, rules, chance),
            ProbeWait = rules.CoolOff,
            GoodProbes = phase == state.Phase ? state.GoodProbes : 0,
        };
        return (next, Transition(state, next, now));
    }

    /// <summary>Whether a probe is due.</summary>
    public static bool IsProbeDue(HealthState state, DateTimeOffset now) => state is { Phase: HealthPhase.Down, IsPermanent: false } && now >= state.ProbeAt;

    private static HealthState Next(HealthState state, HealthEvent what, DateTimeOffset now, HealthRules rules, double chance) => what switch
    {
        HealthEvent.Reconfigured => state.IsPermanent ? HealthState.Initial with { SwitchedAt = state.SwitchedAt } : state,
        _ when state.IsPermanent => state,
        HealthEvent.Failed { Cause: HealthCause.Authentication } or HealthEvent.ProbeFailed { Cause: HealthCause.Authentication } =>
            state with { Phase = HealthPhase.Down, IsPermanent = true, Cause = HealthCause.Authentication, ProbeAt = DateTimeOffset.MaxValue, GoodProbes = 0 },
        HealthEvent.Failed failed => Failed(state, failed.Cause, now, rules, chance),
        HealthEvent.ProbeFailed failed when IsProbeDue(state, now) => state with
        {
            GoodProbes = 0,
            ProbeAt = now + Jittered(state.ProbeWait, rules, chance),
            ProbeWait = Least(state.ProbeWait * 2, rules.LongestProbeWait),
            Cause = failed.Cause,
        },
        HealthEvent.ProbeFailed failed => Failed(state, failed.Cause, now, rules, chance),
        HealthEvent.ProbeServed when IsProbeDue(state, now) => state.GoodProbes + 1 >= rules.Probes
            ? state with { Phase = HealthPhase.Probation, GoodProbes = 0, ProbeAt = DateTimeOffset.MaxValue, Failures = [], Samples = [] }
            : state with { GoodProbes = state.GoodProbes + 1, ProbeAt = now + rules.ProbePace },
        HealthEvent.Served { FirstByte: { } took } when state.Serves => Answered(state, took, now, rules, chance),
        _ => Passed(state, now, rules, chance),
    };

    private static HealthTransition? Transition(HealthState state, HealthState next, DateTimeOffset now) => next.Phase == state.Phase
        ? null
        : new HealthTransition(
            state.Phase,
            next.Phase,
            next.Phase is HealthPhase.Suspect or HealthPhase.Down ? next.Cause : null,
            next is { Phase: HealthPhase.Down, IsPermanent: false } ? next.ProbeAt - now : null);

    private static HealthState Failed(HealthState state, HealthCause cause, DateTimeOffset now, HealthRules rules, double chance)
    {
        switch (state.Phase)
        {
            case HealthPhase.Down:
                return state; // calls that went there before
            case HealthPhase.Probation:
                return Down(state, cause, now, rules, chance);
            default:
                var failures = state.Failures.Length < rules.Failures ? state.Failures.Add(now) : state.Failures.RemoveAt(0).Add(now);
                state = state with { Phase = HealthPhase.Suspect, Cause = cause, Failures = failures };
                return failures.Length >= rules.Failures && MaySwitch(state, now, rules) ? Down(state, cause, now, rules, chance) : state;
        }
    }

    private static HealthState Answered(HealthState state, TimeSpan took, DateTimeOffset now, HealthRules rules, double chance)
    {
        if (rules.Budget is not { } budget)
        {
            return state;
        }

        var samples = (state.Samples.Length < MostSamples ? state.Samples : state.Samples.RemoveAt(0)).Add((now, took));
        state = state with { Samples = samples };
        return samples.Length >= rules.Samples && P95(samples) > 2 * budget && MaySwitch(state, now, rules) ? Down(state, HealthCause.Slow, now, rules, chance) : state;
    }

    private static HealthState Passed(HealthState state, DateTimeOffset now, HealthRules rules, double chance) => state.Phase switch
    {
        HealthPhase.Suspect when state.Failures.IsEmpty => state with { Phase = HealthPhase.Healthy },
        HealthPhase.Suspect when state.Failures.Length >= rules.Failures && MaySwitch(state, now, rules) => Down(state, state.Cause ?? HealthCause.Server, now, rules, chance),
        HealthPhase.Probation when now - state.Since >= rules.Probation && MaySwitch(state, now, rules) => state with { Phase = HealthPhase.Healthy },
        _ => state,
    };

    private static HealthState Down(HealthState state, HealthCause cause, DateTimeOffset now, HealthRules rules, double chance)
    {
        var isFirst = state.CoolOff == TimeSpan.Zero || (state.Serves && now - state.SwitchedAt > rules.Forgiven);
        var coolOff = cause is HealthCause.Quota ? rules.LongestCoolOff : isFirst ? rules.CoolOff : Least(state.CoolOff * 2, rules.LongestCoolOff);
        return state with
        {
            Phase = HealthPhase.Down,
            Cause = cause,
            CoolOff = coolOff,
            ProbeAt = now + Jittered(coolOff, rules, chance),
            ProbeWait = rules.CoolOff,
            GoodProbes = 0,
            Failures = [],
            Samples = [],
        };
    }

    /// <summary>Without what is too old to count.</summary>
    private static HealthState Aged(HealthState state, DateTimeOffset now, HealthRules rules)
    {
        if (!state.Failures.IsEmpty && now - state.Failures[0] > rules.FailureWindow)
        {
            state = state with { Failures = [.. state.Failures.Where(at => now - at <= rules.FailureWindow)] };
        }

        return !state.Samples.IsEmpty && now - state.Samples[0].At > rules.SampleAge ? state with { Samples = [.. state.Samples.Where(s => now - s.At <= rules.SampleAge)] } : state;
    }

    private static bool MaySwitch(HealthState state, DateTimeOffset now, HealthRules rules) => state.SwitchedAt == DateTimeOffset.MinValue || now - state.SwitchedAt >= rules.SwitchPause;

    private static TimeSpan P95(ImmutableArray<(DateTimeOffset At, TimeSpan Took)> samples)
    {
        var sorted = samples.Select(s => s.Took).Order().ToArray();
        return sorted[(int)Math.Ceiling(sorted.Length * 0.95) - 1];
    }

    private static TimeSpan Jittered(TimeSpan time, HealthRules rules, double chance) => time * (1 + (rules.Jitter * ((2 * chance) - 1)));

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
