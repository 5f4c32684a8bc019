using System.Threading.Channels;
using ToolBackend.Voice.CallLog;
using ToolBackend.Voice.Speaking;
using ToolBackend.Voice.Synthesis;

namespace ToolBackend.Voice.Sessions;

/// <summary>
/// Speaks one reply while it is being written: cuts it into clauses, gives them to the voice at once, and passes the audio on. Text comes from one task; the timer that speaks a clause when the
/// model pauses is another, so both go through one lock. A sentence that was made before is put between what the voice makes: a reply is a row of parts, each of them one utterance of the voice or one
/// such sentence, and their audio is passed on in their order.
/// </summary>
internal sealed class Mouth : IAsyncDisposable
{
    /// <summary>Beyond it a sentence is made anew, in the utterance that is open: no reply has so many.</summary>
    private const int MostParts = 64;

    private readonly Reply _reply;
    private readonly Action<SessionEvent> _post;
    private readonly TimeProvider _time;
    private readonly CallPlan _plan;
    private readonly Channel<Part> _parts = Channel.CreateBounded<Part>(new BoundedChannelOptions(MostParts + 1) { SingleReader = true });
    private readonly List<ISpeechStream> _begun = [];
    private ISpeechStream _voice;
    private bool _voiceHasText;
    private int _partCount;
    private int _given;
    private SpokenText _spoken = new();
    private ClauseChunker _chunker;
    private readonly ITimer _pause;
    private readonly Task _listening;
    private readonly Lock _gate = new();
    private readonly long _started;

    public Mouth(Reply reply, CallPlan plan, Action<SessionEvent> post, TimeProvider time)
    {
        (_reply, _plan, _post, _time) = (reply, plan, post, time);
        _started = time.GetTimestamp();
        _voice = Begin();
        _chunker = new ClauseChunker(plan.Clauses);
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
            var text = _plan.Format.Apply(HasSpoken ? " " + sentence + " " : sentence + " ");
            if (_partCount < MostParts && _plan.Spoken.Find(_plan.Voice.Voice, text) is { } kept)
            {
                Insert_NeedsLock(text, kept);
            }
            else
            {
                Speak_NeedsLock(text);
            }
        }
    }

    /// <summary>A sound without words, behind what was said so far.</summary>
    public void Play(ReadOnlyMemory<byte> sound)
    {
        lock (_gate)
        {
            Insert_NeedsLock("", [new SpeechAudio(sound, null, false)]);
        }
    }

    /// <summary>Completes when the caller has heard all that was said so far.</summary>
    /// <exception cref="OperationCanceledException">They will not: the reply is over.</exception>
    public Task HeardAsync()
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _post(new SessionEvent.HeardWanted(_reply.Generation, _given, heard));
        }

        return heard.Task.WaitAsync(_reply.Cancelled);
    }

    /// <summary>What was written is all for now: a tool is asked.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            _chunker.Add(_spoken.Complete(), Now);
            _chunker.Complete();
            Give_NeedsLock();
            (_spoken, _chunker) = (new SpokenText(), new ClauseChunker(_plan.Clauses)); // what comes next is a beginning again: it should be heard early
        }
    }

    /// <summary>No more comes. Returns when the voice has said everything.</summary>
    /// <exception cref="Providers.ProviderException">It could not.</exception>
    public async Task FinishAsync(CancellationToken cancellation)
    {
        Flush();
        lock (_gate)
        {
            _voice.Complete();
            _parts.Writer.TryComplete();
        }

        await _listening.WaitAsync(cancellation).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _pause.DisposeAsync().ConfigureAwait(false);
        _parts.Writer.TryComplete();
        foreach (var voice in _begun)
        {
            await voice.DisposeAsync().ConfigureAwait(false);
        }

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
            Speak_NeedsLock(_plan.Format.Apply(chunk.Text));
        }

        if (_chunker.Due is { } due)
        {
            var wait = due - Now;
            _pause.Change(wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }
    }

    private void Speak_NeedsLock(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return;
        }

        if (!_voiceHasText)
        {
            _voiceHasText = true;
            Add_NeedsLock(new Part(_voice.Audio, null, _given));
        }

        Given_NeedsLock(text); // before its audio can be there
        _reply.Times.Mark(Moment.FirstWords, _time);
        _reply.Times.Spoke(text.Length);
        _voice.Write(text, flush: true);
    }

    /// <summary>Behind what the voice was given so far; what it is given next is another utterance.</summary>
    private void Insert_NeedsLock(string text, IReadOnlyList<SpeechAudio> kept)
    {
        if (_voiceHasText)
        {
            _voice.Complete();
            _voice = Begin();
            _voiceHasText = false;
        }

        Add_NeedsLock(new Part(null, kept, _given));
        Given_NeedsLock(text);
    }

    private ISpeechStream Begin()
    {
        var voice = _plan.Voice.Begin();
        _begun.Add(voice);
        return voice;
    }

    private void Add_NeedsLock(Part part)
    {
        _partCount++;
        _parts.Writer.TryWrite(part); // closed when nobody listens any more
    }

    private void Given_NeedsLock(string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        HasSpoken = true;
        _given += text.Length;
        _post(new SessionEvent.Given(_reply.Generation, text, Flush: true));
    }

    private async Task ListenAsync()
    {
        var isFirst = true;
        await foreach (var part in _parts.Reader.ReadAllAsync(_reply.Cancelled).ConfigureAwait(false))
        {
            // Its audio belongs to the text from there on, however much the part before has told of its own.
            int? from = isFirst ? null : part.From;
            isFirst = false;
            foreach (var audio in part.Kept ?? [])
            {
                Take(audio with { GoesBackTo = from });
                from = null;
            }

            if (part.Audio is null)
            {
                continue;
            }

            await foreach (var audio in part.Audio.ReadAllAsync(_reply.Cancelled).ConfigureAwait(false))
            {
                Take(audio with { GoesBackTo = audio.GoesBackTo is { } characters ? part.From + characters : from });
                from = null;
            }
        }
    }

    private void Take(in SpeechAudio audio)
    {
        _reply.Times.Mark(Moment.FirstAudio, _time);
        Pass(_post, _reply, audio);
    }

    /// <param name="Audio">Of an utterance of the voice; null for a sentence that was made before.</param>
    /// <param name="From">Characters of the reply before it.</param>
    private readonly record struct Part(ChannelReader<SpeechAudio>? Audio, IReadOnlyList<SpeechAudio>? Kept, int From);
}
