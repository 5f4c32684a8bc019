namespace ToolBackend.LocalStack.Simulators.Twilio.Phone;

/// <summary>One thread that ticks all phones every 20 ms by the wall clock, late ticks made up for: hundreds of phones with a timer each would measure the timers.</summary>
internal sealed class MediaClock
{
    public const int FrameMilliseconds = 20;

    private readonly Lock _gate = new();
    private readonly HashSet<PhoneLine> _lines = [];
    private PhoneLine[] _ticked = [];
    private bool _isRunning;

    public static MediaClock Shared { get; } = new();

    public void Add(PhoneLine line)
    {
        lock (_gate)
        {
            _lines.Add(line);
            _ticked = [.. _lines];
            if (!_isRunning)
            {
                _isRunning = true;
                new Thread(Run) { IsBackground = true, Name = "phones", Priority = ThreadPriority.AboveNormal }.Start();
            }
        }
    }

    public void Remove(PhoneLine line)
    {
        lock (_gate)
        {
            _lines.Remove(line);
            _ticked = [.. _lines];
        }
    }

    private void Run()
    {
        using var never = new ManualResetEventSlim(false);
        var started = TimeProvider.System.GetTimestamp();
        for (var tick = 1L; ; tick++)
        {
            var wait = (tick * FrameMilliseconds) - TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
            if (wait > 0)
            {
                never.Wait(TimeSpan.FromMilliseconds(Math.Ceiling(wait)));
            }

            PhoneLine[] lines;
            lock (_gate)
            {
                if (_lines.Count == 0)
                {
                    _isRunning = false;
                    return;
                }

                lines = _ticked;
            }

            foreach (var line in lines)
            {
                line.Tick();
            }
        }
    }
}
