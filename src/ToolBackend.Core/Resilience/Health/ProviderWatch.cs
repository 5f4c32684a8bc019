namespace ToolBackend.Core.Resilience.Health;

/// <summary>One provider's state machine with its lock, and which version of it others have.</summary>
internal sealed class ProviderWatch(WatchedProvider provider, Func<double> chance)
{
    private readonly Lock _gate = new();
    private HealthState _state = HealthState.Initial;
    private long _version;
    private DateTimeOffset _nextTrial = DateTimeOffset.MinValue;

    public WatchedProvider Provider => provider;

    public ProviderStanding Standing
    {
        get
        {
            lock (_gate)
            {
                return new ProviderStanding(provider.Name, _version, _state);
            }
        }
    }

    public SharedStanding Shared
    {
        get
        {
            var (_, version, state) = Standing;
            return new SharedStanding(version, state.Phase, state.Cause, (long)state.CoolOff.TotalMilliseconds, state.IsPermanent, provider.Fingerprint);
        }
    }

    public bool Admits(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (provider.Probe is null && ProviderHealth.IsProbeDue(_state, now))
            {
                if (now < _nextTrial)
                {
                    return false;
                }

                _nextTrial = now + provider.Rules.ProbePace;
                return true;
            }

            return ProviderHealth.Admits(_state, provider.Rules, _state.Phase is HealthPhase.Probation ? chance() : 0);
        }
    }

    public HealthTransition? Step(HealthEvent what, DateTimeOffset now)
    {
        lock (_gate)
        {
            (_state, var transition) = ProviderHealth.Step(_state, AsProbe(what), now, provider.Rules, chance());
            _version += transition is null ? 0 : 1;
            return transition;
        }
    }

    public HealthTransition? Adopt(SharedStanding other, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (other.IsPermanent && !string.Equals(other.Fingerprint, provider.Fingerprint, StringComparison.Ordinal))
            {
                return null; // its key was refused, ours was not
            }

            (_state, var transition) = ProviderHealth.Adopt(_state, other.Phase, other.Cause, TimeSpan.FromMilliseconds(other.CoolOffMilliseconds), other.IsPermanent, now, provider.Rules, chance());
            _version = other.Version;
            return transition;
        }
    }

    /// <summary>Where nothing else probes, a call does.</summary>
    private HealthEvent AsProbe(HealthEvent what) => (provider.Probe, _state.Phase, what) switch
    {
        (null, HealthPhase.Down, HealthEvent.Served) => new HealthEvent.ProbeServed(),
        (null, HealthPhase.Down, HealthEvent.Failed failed) => new HealthEvent.ProbeFailed(failed.Cause),
        _ => what,
    };
}
