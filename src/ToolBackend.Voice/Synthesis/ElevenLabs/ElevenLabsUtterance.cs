using System.Threading.Channels;
using ToolBackend.Voice.Audio;
using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Synthesis.ElevenLabs;

/// <summary>
/// One utterance: a context at ElevenLabs.
/// <code>
/// first text         {text, voice_settings}, opens the context; {flush} behind it when asked for
/// more text          {text, flush}
/// Complete           {flush} for what is not flushed, {close_context}; the vendor's final ends the audio
/// disposed of early  {close_context} without flush; its audio is dropped
/// </code>
/// </summary>
internal sealed class ElevenLabsUtterance : ISpeechStream
{
    private readonly ElevenLabsSynthesizer _owner;
    private readonly string _context;
    private readonly TimeProvider _time;
    private readonly SpeechQueue _queue;
    private readonly SpeechWatch _watch;
    private readonly Lock _gate = new();
    private readonly long _startedAt;
    private readonly ITimer _timer;
    private ElevenLabsConnection? _connection;
    private bool _unflushed;
    private bool _complete;
    private bool _ended;

    public ElevenLabsUtterance(ElevenLabsSynthesizer owner, string context, SynthesisOptions options, TimeProvider time)
    {
        (_owner, _context, _time) = (owner, context, time);
        _queue = new SpeechQueue(MuLaw.Bytes(options.Ahead));
        _watch = new SpeechWatch(options.FirstByteDeadline, options.StallDeadline);
        _startedAt = time.GetTimestamp();
        _timer = time.CreateTimer(static self => ((ElevenLabsUtterance)self!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public ChannelReader<SpeechAudio> Audio => _queue;

    /// <summary>Between its first text and its end; a frame before would be taken for its first.</summary>
    public bool MayBeHeld => _connection is not null && !_complete && !_ended;

    public void Write(string text, bool flush)
    {
        lock (_gate)
        {
            if (_complete || _ended)
            {
                return;
            }

            if (string.IsNullOrWhiteSpace(text))
            {
                // An empty text would be a keep-alive. What is there may still be flushed.
                Flush_NeedsLock(flush);
            }
            else
            {
                Send_NeedsLock(char.IsWhiteSpace(text[^1]) ? text : text + " ", flush);
            }
        }

        Look();
    }

    public void Complete()
    {
        lock (_gate)
        {
            if (_complete || _ended)
            {
                return;
            }

            if (_connection is null)
            {
                _complete = true;
                End_NeedsLock(null);
                return;
            }

            Flush_NeedsLock(true);
            _complete = true;
            _connection.Send(_context, ElevenLabsFrames.Close(_context));
            _watch.Completed(Now);
        }

        Look();
    }

    /// <summary>Tells of audio that came; returns where it goes. Null when it was cancelled.</summary>
    public SpeechQueue? Take(byte[] audio, SpeechAlignment? alignment, out SpeechAudio piece)
    {
        piece = new SpeechAudio(audio, alignment, EndsFlush: false);
        lock (_gate)
        {
            if (_ended)
            {
                return null;
            }

            _watch.Audio(alignment?.Text, Now);
        }

        Look();
        return _queue;
    }

    /// <summary>The vendor's final.</summary>
    public void End()
    {
        lock (_gate)
        {
            // Without our close it gave the context up: what was written may be missing.
            End_NeedsLock(_complete ? null : new ProviderException(ElevenLabsFault.Provider, ProviderFault.ServerError, "final"));
        }
    }

    /// <summary>The connection is gone. Null: by our own will.</summary>
    public void Fail(ProviderException? fault)
    {
        lock (_gate)
        {
            End_NeedsLock(fault);
        }
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (!_ended)
            {
                _connection?.Forget(_context);
                if (!_complete)
                {
                    _connection?.Send(_context, ElevenLabsFrames.Close(_context));
                }

                End_NeedsLock(null);
            }
        }

        return _timer.DisposeAsync();
    }

    private TimeSpan Now => _time.GetElapsedTime(_startedAt);

    private void Send_NeedsLock(string text, bool flush)
    {
        if (_connection is null)
        {
            _connection = _owner.Place(_context, this);
            _connection.Send(_context, ElevenLabsFrames.First(_context, text, _owner.Voice));
            _unflushed = true;
            _watch.Written(text, flush, Now);
            Flush_NeedsLock(flush);
            return;
        }

        _connection.Send(_context, ElevenLabsFrames.Text(_context, text, flush));
        _unflushed = !flush;
        _watch.Written(text, flush, Now);
    }

    private void Flush_NeedsLock(bool flush)
    {
        if (flush && _unflushed)
        {
            _unflushed = false;
            _connection!.Send(_context, ElevenLabsFrames.Flush(_context));
            _watch.Written("", speakable: true, Now);
        }
    }

    private void Look()
    {
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            var (verdict, again) = _watch.Look(Now);
            switch (verdict)
            {
                case Verdict.Late:
                    GiveUp_NeedsLock(new ProviderException(ElevenLabsFault.Provider, ProviderFault.TimedOut, "audio"));
                    break;
                case Verdict.Over:
                    GiveUp_NeedsLock(null);
                    break;
                default:
                    _timer.Change(again is { } wait ? wait + TimeSpan.FromMilliseconds(1) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                    break;
            }
        }
    }

    private void GiveUp_NeedsLock(ProviderException? fault)
    {
        _connection?.Forget(_context);
        if (fault is not null)
        {
            _connection?.Abandon(fault);
        }
        else if (!_complete)
        {
            _connection?.Send(_context, ElevenLabsFrames.Close(_context));
        }

        End_NeedsLock(fault);
    }

    private void End_NeedsLock(ProviderException? fault)
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _queue.Complete(fault);
    }
}
