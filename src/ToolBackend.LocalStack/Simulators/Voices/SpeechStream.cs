using ToolBackend.LocalStack.Simulators.Audio;

namespace ToolBackend.LocalStack.Simulators.Voices;

/// <summary>
/// One utterance being generated: text goes in, audio comes out at a vendor's pace. All members need <paramref name="gate"/> held; it is held when
/// <paramref name="onChunk"/> and marks are called. Timers run only while there is something to say.
/// </summary>
internal sealed class SpeechStream(VoiceTiming timing, TimeProvider time, Lock gate, Action<SpeechChunk> onChunk, CancellationToken ended)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(5);

    private readonly Queue<Part> _parts = new();
    private SpokenBuffer? _buffer;
    private long _next;
    private int _generation;
    private bool _isPumping;
    private bool _isFirst = true;

    /// <summary>Completes when nothing is being generated.</summary>
    public Task Pumping { get; private set; } = Task.CompletedTask;

    public bool IsBusy => _parts.Count > 0;

    /// <summary>Generation of this text begins now.</summary>
    /// <param name="late">How much later than usual its audio comes.</param>
    public void Say(string text, TimeSpan late = default)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return;
        }

        var part = new Part(text, null, time.GetTimestamp() + Ticks(timing.FirstByte + late));
        _parts.Enqueue(part);
        if (timing.Speech is { } speak)
        {
            part.IsBeingMade = true;
            _ = MakeAsync(part, speak);
        }

        Pump();
    }

    /// <summary>Calls back once everything that was said before has come out.</summary>
    public void Mark(Action reached, TimeSpan late = default)
    {
        _parts.Enqueue(new Part(null, reached, late == default ? 0 : time.GetTimestamp() + Ticks(late)));
        Pump();
    }

    /// <summary>What is left is not said, and its marks are forgotten.</summary>
    public void Drop()
    {
        _parts.Clear();
        _buffer = null;
        _isFirst = true;
        _isPumping = false; // the task ends when it wakes; what is said next does not wait for that
        _generation++;
    }

    /// <summary>Whatever is under way comes out one chunk further, at once.</summary>
    public void Spill()
    {
        if (_buffer is { IsEmpty: false } buffer)
        {
            onChunk(buffer.Take());
        }
    }

    private void Pump()
    {
        if (!_isPumping)
        {
            _isPumping = true;
            var pumping = PumpAsync(_generation);
            Pumping = Pumping.IsCompleted ? pumping : Task.WhenAll(Pumping, pumping);
        }
    }

    private async Task PumpAsync(int generation)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (true)
        {
            TimeSpan wait;
            lock (gate)
            {
                if (generation != _generation)
                {
                    return;
                }

                wait = ended.IsCancellationRequested ? TimeSpan.MinValue : Step();
                if (wait == TimeSpan.MinValue)
                {
                    _isPumping = false;
                    return;
                }
            }

            // Whole milliseconds, rounded down: a timer is late by about as much as this is early.
            if (wait >= TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Floor(wait.TotalMilliseconds)), time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <returns>How long until the next step; the smallest value when nothing is left.</returns>
    private TimeSpan Step()
    {
        while (_parts.TryPeek(out var part))
        {
            var due = Math.Max(part.Due, part.Text is null ? 0 : _next);
            var wait = time.GetElapsedTime(time.GetTimestamp(), due);
            if (due > 0 && wait >= TimeSpan.FromMilliseconds(1))
            {
                return wait;
            }

            if (part.Reached is not null)
            {
                _parts.Dequeue();
                part.Reached();
                continue;
            }

            if (part.IsBeingMade)
            {
                return s_look;
            }

            Speak(part, due);
        }

        return TimeSpan.MinValue;
    }

    private void Speak(Part part, long due)
    {
        if (!part.IsBegun)
        {
            part.IsBegun = true;
            _buffer = new SpokenBuffer(timing, _isFirst);
            _buffer.Add(part.Text!, part.Sound);
            _isFirst = false;
        }

        var chunk = _buffer!.Take();
        if (_buffer.IsEmpty)
        {
            _parts.Dequeue();
        }

        _next = due + Ticks(MuLaw.Duration(chunk.Audio.Length) / timing.Rate);
        onChunk(chunk);
    }

    /// <summary>Outside the gate: real speech takes a program and some milliseconds, most of them before the first byte is due.</summary>
    private async Task MakeAsync(Part part, Func<string, short[]> speak)
    {
        short[]? sound = null;
        try
        {
            sound = await Task.Run(() => speak(part.Text!), ended).ConfigureAwait(false);
        }
        catch (Exception e) when (e is LocalStackException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"A soft tone instead of speech: {e.Message}").ConfigureAwait(false);
        }

        lock (gate)
        {
            (part.Sound, part.IsBeingMade) = (sound, false);
        }
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);

    private sealed class Part(string? text, Action? reached, long due)
    {
        /// <summary>Null for a soft tone.</summary>
        public short[]? Sound { get; set; }

        public bool IsBeingMade { get; set; }

        public string? Text => text;

        public Action? Reached => reached;

        public long Due => due;

        public bool IsBegun { get; set; }
    }
}
