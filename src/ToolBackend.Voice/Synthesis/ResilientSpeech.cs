using System.Threading.Channels;
using ToolBackend.Voice.Audio;
using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Synthesis;

/// <summary>One utterance of a chain of voices. One task passes audio on and, when a voice fails, gives the rest of the text to whoever goes on.</summary>
internal sealed class ResilientSpeech : ISpeechStream
{
    /// <summary>Audio is taken as it comes: the vendor's own queue is the one that waits.</summary>
    private static readonly TimeSpan s_ahead = TimeSpan.FromSeconds(2);

    private readonly ResilientSynthesizer _voices;
    private readonly SynthesisOptions _options;
    private readonly SpeechQueue _queue = new(MuLaw.Bytes(s_ahead));
    private readonly SpeechProgress _progress = new();
    private readonly List<VoiceFailure> _failures = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly ITimer _suspicion;
    private readonly Task _run;
    private int _voice;
    private ISpeechStream _speech;
    private int? _goesBackTo;
    private bool _isAsked;
    private bool _hasAudio;
    private bool _isComplete;

    public ResilientSpeech(ResilientSynthesizer voices, int voice, SynthesisOptions options, TimeProvider time)
    {
        (_voices, _voice, _options) = (voices, voice, options);
        _suspicion = time.CreateTimer(static self => ((ResilientSpeech)self!).Suspect(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _speech = voices.Begin(voice);
        _run = RunAsync();
    }

    public ChannelReader<SpeechAudio> Audio => _queue;

    public void Write(string text, bool flush)
    {
        lock (_gate)
        {
            _progress.Written(text, flush);
            _speech.Write(text, flush);
            Ask_NeedsLock(flush);
        }
    }

    public void Complete()
    {
        lock (_gate)
        {
            _isComplete = true;
            _speech.Complete();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        await _suspicion.DisposeAsync();
        await _speech.DisposeAsync();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        Exception? end = null;
        try
        {
            while (await PassOnAsync() is { } fault)
            {
                var failed = _speech;
                if (!GoOn(fault))
                {
                    end = _progress.IsAllSpoken && _isComplete ? null : fault;
                    break;
                }

                await failed.DisposeAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed of: nobody reads.
        }
        catch (Exception bug)
        {
            end = bug; // for the reader, who owns the reply
        }

        _queue.Complete(end);
    }

    /// <summary>Passes audio on until there is no more.</summary>
    /// <returns>Why it broke off; null: it was all.</returns>
    private async Task<ProviderException?> PassOnAsync()
    {
        try
        {
            await foreach (var audio in _speech.Audio.ReadAllAsync(_stop.Token))
            {
                await _queue.WriteAsync(Came(audio), _stop.Token);
            }

            return null;
        }
        catch (ProviderException fault)
        {
            return fault;
        }
    }

    private SpeechAudio Came(SpeechAudio audio)
    {
        lock (_gate)
        {
            _progress.Came(audio);
            audio = audio with { GoesBackTo = _goesBackTo };
            _goesBackTo = null;
            if (_hasAudio || audio.MuLaw.IsEmpty)
            {
                return audio;
            }

            _hasAudio = true;
        }

        _voices.Served(_voice);
        return audio;
    }

    /// <summary>Who is next gets the rest of the text. False: nobody is, or there is no rest.</summary>
    private bool GoOn(ProviderException fault)
    {
        lock (_gate)
        {
            _failures.Add(new VoiceFailure(_voice, fault.Fault, _voices.HasServed(_voice)));
            if (_voices.Fail(_failures, fault) is not { } next || (_isComplete && _progress.IsAllSpoken))
            {
                return false;
            }

            (_voice, _hasAudio, _isAsked) = (next, false, false);
            (_goesBackTo, var again) = _progress.GoBack();
            _speech = _voices.Begin(next);
            foreach (var (text, flush) in again)
            {
                _speech.Write(text, flush);
                Ask_NeedsLock(flush);
            }

            if (_isComplete)
            {
                _speech.Complete();
            }

            return true;
        }
    }

    private void Ask_NeedsLock(bool flush)
    {
        if (flush && !_isAsked)
        {
            _isAsked = true;
            _suspicion.Change(_options.SuspectAfter, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The first audio is late: who would go on begins to connect.</summary>
    private void Suspect()
    {
        lock (_gate)
        {
            if (!_hasAudio && !_stop.IsCancellationRequested && _voices.Next([.. _failures, new VoiceFailure(_voice, ProviderFault.TimedOut, HadServed: false)]) is { } next)
            {
                _voices.Warm(next);
            }
        }
    }
}
