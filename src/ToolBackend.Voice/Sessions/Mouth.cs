using ToolBackend.Voice.CallLog;
using ToolBackend.Voice.Speaking;
using ToolBackend.Voice.Speaking.Formatting;
using ToolBackend.Voice.Synthesis;

namespace ToolBackend.Voice.Sessions;

/// <summary>
/// Speaks one reply while it is being written: cuts it into clauses, gives them to the voice at once, and passes the audio on. Text comes from one task; the timer that speaks a clause when the
/// model pauses is another, so both go through one lock.
/// </summary>
internal sealed class Mouth : IAsyncDisposable
{
    private readonly Reply _reply;
    private readonly Action<SessionEvent> _post;
    private readonly TimeProvider _time;
    private readonly ISpeechStream _voice;
    private readonly ClauseChunkerOptions _clauses;
    private readonly EarFormat _format;
    private SpokenText _spoken = new();
    private ClauseChunker _chunker;
    private readonly ITimer _pause;
    private readonly Task _listening;
    private readonly Lock _gate = new();
    private readonly long _started;

    public Mouth(Reply reply, ISynthesizer voice, EarFormat format, ClauseChunkerOptions clauses, Action<SessionEvent> post, TimeProvider time)
    {
        (_reply, _post, _time) = (reply, post, time);
        _started = time.GetTimestamp();
        _voice = voice.Begin();
        (_format, _clauses) = (format, clauses);
        _chunker = new ClauseChunker(clauses);
        _pause = time.CreateTimer(_ => SpeakWhatIsThere(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _listening = ListenAsync();
    }

    /// <summary>Whether anything was given to the voice.</summary>
    public bool HasSpoken { get; private set; }

    private TimeSpan Now => _time.GetElapsedTime(_started);

    /// <summary>Text as a model writes it.</summary>
    public void Write(string text)
    {
        lock (_gate)
        {
            _chunker.Add(_spoken.Add(text), Now);
            Give_NeedsLock();
        }
    }

    /// <summary>A whole sentence, apart from what was written before.</summary>
    public void Say(string sentence)
    {
        lock (_gate)
        {
            Speak_NeedsLock(HasSpoken ? " " + sentence + " " : sentence + " ");
        }
    }

    /// <summary>What was written is all for now: a tool is asked.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            _chunker.Add(_spoken.Complete(), Now);
            _chunker.Complete();
            Give_NeedsLock();
            (_spoken, _chunker) = (new SpokenText(), new ClauseChunker(_clauses)); // what comes next is a beginning again: it should be heard early
        }
    }

    /// <summary>No more comes. Returns when the voice has said everything.</summary>
    /// <exception cref="Providers.ProviderException">It could not.</exception>
    public async Task FinishAsync(CancellationToken cancellation)
    {
        Flush();
        _voice.Complete();
        await _listening.WaitAsync(cancellation).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _pause.DisposeAsync().ConfigureAwait(false);
        await _voice.DisposeAsync().ConfigureAwait(false);
        await _listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>A piece of audio for the session, told first when it goes back in the text.</summary>
    public static void Pass(Action<SessionEvent> post, Reply reply, SpeechAudio audio)
    {
        if (audio.GoesBackTo is { } characters)
        {
            post(new SessionEvent.GoneBack(reply.Generation, characters));
        }

        post(new SessionEvent.Audio(reply.Generation, audio));
    }

    private void SpeakWhatIsThere()
    {
        lock (_gate)
        {
            Give_NeedsLock();
        }
    }

    private void Give_NeedsLock()
    {
        while (_chunker.TryTake(Now, out var chunk))
        {
            Speak_NeedsLock(chunk.Text);
        }

        if (_chunker.Due is { } due)
        {
            var wait = due - Now;
            _pause.Change(wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }
    }

    private void Speak_NeedsLock(string text)
    {
        text = _format.Apply(text);
        if (string.IsNullOrWhiteSpace(text))
        {
            return;
        }

        HasSpoken = true;
        _post(new SessionEvent.Given(_reply.Generation, text, Flush: true)); // before its audio can be there
        _reply.Times.Mark(Moment.FirstWords, _time);
        _reply.Times.Spoke(text.Length);
        _voice.Write(text, flush: true);
    }

    private async Task ListenAsync()
    {
        await foreach (var audio in _voice.Audio.ReadAllAsync(_reply.Cancelled).ConfigureAwait(false))
        {
            _reply.Times.Mark(Moment.FirstAudio, _time);
            Pass(_post, _reply, audio);
        }
    }
}
