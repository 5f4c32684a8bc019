namespace ToolBackend.Testing;

/// <summary>
/// A clock that moves only when told. Timers fire inside <see cref="Advance"/>, on the caller's thread, in the order in
/// which they are due (first created first among equals), each at exactly its own time.
/// As on a real machine the wall clock can be set without any timer noticing: timers and timestamps follow elapsed time.
/// </summary>
public sealed class ManualClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private TimeSpan _elapsed;
    private DateTimeOffset _wallAtZero;
    private long _created;

    public ManualClock(DateTimeOffset start) => _wallAtZero = start.ToUniversalTime();

    /// <summary>Starts at 2026-12-01 12:00 UTC, a Tuesday.</summary>
    public ManualClock()
        : this(new DateTimeOffset(2026, 12, 1, 12, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>The wall clock. Setting it is an operator's or NTP's step: no timer fires.</summary>
    public DateTimeOffset UtcNow
    {
        get
        {
            lock (_gate)
            {
                return _wallAtZero + _elapsed;
            }
        }

        set
        {
            lock (_gate)
            {
                _wallAtZero = value.ToUniversalTime() - _elapsed;
            }
        }
    }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => UtcNow;

    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return _elapsed.Ticks;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            var timer = new ManualTimer(this, callback, state, _created++);
            timer.Set_NeedsLock(_elapsed, dueTime, period);
            _timers.Add(timer);
            return timer;
        }
    }

    /// <summary>Until the next timer fires; null when none is armed.</summary>
    public TimeSpan? NextDueIn
    {
        get
        {
            lock (_gate)
            {
                return _timers.Min(timer => timer.Due) - _elapsed;
            }
        }
    }

    /// <summary>How many timers are waiting, so that a test can tell that the code under test has come to its wait.</summary>
    public int ArmedTimers
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count(timer => timer.Due is not null);
            }
        }
    }

    /// <summary>Moves time forward and fires every timer that comes due, also those that a fired timer sets.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        TimeSpan target;
        lock (_gate)
        {
            target = _elapsed + by;
        }

        while (NextDue(target) is { } timer)
        {
            timer.Fire();
        }
    }

    private ManualTimer? NextDue(TimeSpan target)
    {
        lock (_gate)
        {
            var next = _timers.Where(timer => timer.Due <= target).MinBy(timer => (timer.Due, timer.Order));
            if (next is null)
            {
                _elapsed = target > _elapsed ? target : _elapsed;
                return null;
            }

            _elapsed = next.Due!.Value > _elapsed ? next.Due.Value : _elapsed;
            next.Rearm_NeedsLock();
            return next;
        }
    }

    private sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state, long order) : ITimer
    {
        private TimeSpan _period;

        public TimeSpan? Due { get; private set; }

        public long Order => order;

        public void Fire() => callback(state);

        public void Set_NeedsLock(TimeSpan now, TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            Due = dueTime == Timeout.InfiniteTimeSpan ? null : now + dueTime;
        }

        // A period of zero or infinite means once, as with System.Threading.Timer.
        public void Rearm_NeedsLock() => Due = _period > TimeSpan.Zero ? Due + _period : null;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                if (!clock._timers.Contains(this))
                {
                    return false;
                }

                Set_NeedsLock(clock._elapsed, dueTime, period);
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
