using System.Threading.Channels;
using ToolBackend.Voice.CallLog;
using ToolBackend.Voice.Conversations;
using ToolBackend.Voice.Tools;
using ToolBackend.Voice.Transcription;
using ToolBackend.Voice.Turns;
using ToolBackend.Voice.Twilio;

namespace ToolBackend.Voice.Sessions;

/// <summary>Makes the session of a call whose stream has started.</summary>
internal delegate CallSession OpenSession(CallPlan plan, MediaSocket line);

/// <summary>
/// One call: everything that happens is an event in one bounded queue, read by one loop that owns all of the call's state. It asks the turn machine what to do and does it.
/// </summary>
internal sealed partial class CallSession : IAsyncDisposable
{
    /// <summary>More than a burst of everything at once: audio of a whole sentence, its text, interims.</summary>
    private const int MostWaiting = 4096;

    private readonly Channel<SessionEvent> _events = Channel.CreateBounded<SessionEvent>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly CancellationTokenSource _end = new();
    private readonly CallPlan _plan;
    private readonly ITranscriber _ears;
    private readonly ReplyMaker _maker;
    private readonly MediaSocket _line;
    private readonly Speaker _speaker;
    private readonly CallReporter _log;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly IReadOnlyList<string> _endPhrases;
    private readonly List<(Reply Reply, Task Making)> _making = [];
    private TimeSpan? _armed;
    private long _started;
    private TurnState _state;
    private Reply? _reply;

    public CallSession(CallPlan plan, MediaSocket line, CallReporter log, TimeProvider time, ILogger<CallSession> logger)
    {
        (_ears, _line, _log, _time, _logger) = (plan.Ears, line, log, time, logger);
        _plan = plan;
        _maker = new ReplyMaker(plan, Post, time, logger);
        _speaker = new Speaker(line, plan.Recording, plan.Lead, plan.ThinksAloud);
        _endPhrases = [.. plan.Assistant.EndCallPhrases.Where(p => p.Trim().Length > 0)];
        _state = new TurnState(plan.Turns);
        History = new History(plan.Prompt, plan.Said);
        _timer = time.CreateTimer(_ => Post(SessionEvent.Wake.Now), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public History History { get; }

    /// <summary>The person that the caller is connected to at the end; null for nobody.</summary>
    public TransferChoice? TransferTo { get; private set; }

    /// <summary>Why it ended; null while it goes on.</summary>
    public string? EndReason { get; private set; }

    private TimeSpan Now => _time.GetElapsedTime(_started);

    /// <summary>The caller's audio. Never waits.</summary>
    public void Hear(ReadOnlySpan<byte> audio)
    {
        _ears.Write(audio);
        _log.Listen(audio);
        _plan.Recording?.Say(audio);
    }

    public void Happen(TurnEvent happened) => Post(new SessionEvent.Happened(happened));

    public void Marked(string name) => Post(new SessionEvent.Mark(name));

    /// <summary>Runs until the call has ended; then the line is closed, so that Twilio goes on.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        _started = _time.GetTimestamp();
        _log.Started();
        using var stop = cancellation.UnsafeRegister(static s => ((CallSession)s!).Happen(new TurnEvent.HungUp("pipeline-stopped")), this);
        var hearing = ListenAsync();
        Step(new TurnEvent.Started());
        try
        {
            while (EndReason is null && await _events.Reader.WaitToReadAsync(_end.Token).ConfigureAwait(false))
            {
                while (EndReason is null && _events.Reader.TryRead(out var next))
                {
                    Handle(next);
                }

                Pump();
                Arm();
            }
        }
        finally
        {
            _events.Writer.TryComplete();
            _log.Over(EndReason, TransferTo?.Number, TransferTo?.Assistant?.Name);
            _reply?.Cancel();
            await _end.CancelAsync().ConfigureAwait(false);
            if (TransferTo is { } next && EndReason is "assistant-forwarded-call")
            {
                await _plan.Handover.ConnectAsync(_plan, next, History.Entries).ConfigureAwait(false);
            }

            _line.Close();
            await hearing.ConfigureAwait(false);
            await Task.WhenAll(_making.Select(m => m.Making)).ConfigureAwait(false);
            _reply = null;
            Forget();
            _log.Report(_plan.Recording);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        await _ears.DisposeAsync().ConfigureAwait(false);
        await _maker.DisposeAsync().ConfigureAwait(false);
        await _plan.Warm.DisposeAsync().ConfigureAwait(false);
        if (_plan.Recording is { } recording)
        {
            await recording.DisposeAsync().ConfigureAwait(false);
        }

        _end.Dispose();
    }

    private void Post(SessionEvent what)
    {
        if (!_events.Writer.TryWrite(what) && !_end.IsCancellationRequested && _events.Reader.Count >= MostWaiting)
        {
            LogOverrun();
            _end.Cancel(); // a loop that is thousands of events behind serves nobody; Twilio goes on with the call's action
        }
    }

    private async Task ListenAsync()
    {
        try
        {
            await foreach (var heard in _ears.Events.ReadAllAsync(_end.Token).ConfigureAwait(false))
            {
                Post(new SessionEvent.Happened(new TurnEvent.Speech(heard.Kind, heard.Text, heard.Confidence), heard.ReceivedAt));
            }
        }
        catch (OperationCanceledException)
        {
            // The call is over.
        }
        catch (Providers.ProviderException e)
        {
            LogDeaf(e.Provider, e.Fault);
            Post(new SessionEvent.Deaf());
        }
    }

    private void Handle(SessionEvent what)
    {
        switch (what)
        {
            case SessionEvent.Happened(var happened, var receivedAt):
                if (happened is TurnEvent.Speech said)
                {
                    _log.Heard(said, receivedAt);
                }

                Step(happened);
                break;
            case SessionEvent.Deaf:
                Step(new TurnEvent.EndWanted("pipeline-error-transcriber-failed", _state.Settings.GivingUp));
                break;
            case SessionEvent.Wake:
                _armed = null; // timers may be early by a fraction: what is not due yet is armed again
                Step(new TurnEvent.Tick());
                break;
            case SessionEvent.Mark(var name):
                if (_reply is { } marked && string.Equals(marked.LastMark, name, StringComparison.Ordinal))
                {
                    FinishReply(marked);
                }

                break;
            case SessionEvent.TransferWanted(var by, var to) when Current(by.Generation) is not null:
                TransferTo = to;
                Step(new TurnEvent.EndWanted("assistant-forwarded-call", to.Say.Length > 0 ? to.Say : null));
                break;
            case SessionEvent.Deed deed:
                Note(deed);
                break;
            case SessionEvent.Given(var generation, var text, var flush) when Current(generation) is { } reply:
                reply.Text.Give(text, flush);
                break;
            case SessionEvent.HeardWanted(var generation, var characters, var heard) when Current(generation) is { } reply:
                reply.Awaited.Add((characters, heard));
                break;
            case SessionEvent.Learned:
                History.Reword(_plan.Prompt);
                break;
            case SessionEvent.GoneBack(var generation, var characters) when Current(generation) is { } reply:
                reply.GoBack(characters);
                break;
            case SessionEvent.Audio(var generation, var speech) when Current(generation) is { } reply:
                Speaker.Take(reply, speech);
                break;
            case SessionEvent.AudioEnded(var generation, var failed) when Current(generation) is { } reply:
                (reply.AudioEnded, reply.HasFailed) = (true, failed);
                if (!reply.HasAudio)
                {
                    EndWithoutAudio(reply);
                }

                break;
        }
    }

    private Reply? Current(int generation) => _reply?.Generation == generation ? _reply : null;

    private void Step(TurnEvent happened)
    {
        IReadOnlyList<TurnEffect> effects;
        (_state, effects) = TurnMachine.Step(_state, happened, Now);
        foreach (var effect in effects)
        {
            Do(effect);
        }
    }

    private void Do(TurnEffect effect)
    {
        switch (effect)
        {
            case TurnEffect.CommitTurn(var text):
                History.User(text);
                _log.Committed(text);
                _plan.Recording?.Consent.Committed(text);
                ReviewConsent();
                break;
            case TurnEffect.StartReply start:
                StartReply(start);
                break;
            case TurnEffect.ConfirmReply(_, var notBefore):
                Confirm(_reply!, notBefore);
                break;
            case TurnEffect.DiscardReply:
                _log.ReplyDiscarded(_reply!);
                LetGo(_reply!);
                break;
            case TurnEffect.HoldReply:
                _speaker.Hold(_reply, Now);
                break;
            case TurnEffect.ResumeReply:
                _speaker.Resume();
                break;
            case TurnEffect.InterruptReply:
                Interrupt(_reply!);
                break;
            case TurnEffect.EndCall(var reason, _):
                EndReason = reason;
                break;
        }
    }

    private void StartReply(TurnEffect.StartReply start)
    {
        _speaker.Begin();
        _reply = new Reply(start.Generation, start.Kind, start.SpeculativeTurn is null, start.NotBefore, _end.Token) { AwaitedSince = Now }.Begun();
        _log.ReplyBegun(_reply);
        var messages = History.Messages();
        if (start.SpeculativeTurn is { } supposed)
        {
            messages.Add(new Language.ModelMessage(Language.ModelRole.User, supposed));
        }

        Forget();
        _making.Add((_reply, _maker.MakeAsync(_reply, start.Text ?? ConsentReply(start), messages)));
    }

    /// <summary>While the caller is asked whether the call may be recorded, what is said is not the model's.</summary>
    private string? ConsentReply(TurnEffect.StartReply start)
    {
        if (_plan.Recording is not { Consent: { } consent } || start.Kind is not ReplyKind.Answer)
        {
            return null;
        }

        var text = consent.ReplyTo(start.SpeculativeTurn);
        if (start.SpeculativeTurn is null)
        {
            consent.Replied();
        }

        return text;
    }

    private void ReviewConsent()
    {
        if (_plan.Recording is { } recording && recording.Review())
        {
            _log.ConsentDecided(recording);
        }
    }

    /// <summary>Replies that are over and whose makers have ended.</summary>
    private void Forget() => _making.RemoveAll(m =>
    {
        if (!m.Making.IsCompleted || m.Reply == _reply)
        {
            return false;
        }

        m.Reply.Dispose();
        return true;
    });

    private void Confirm(Reply reply, TimeSpan notBefore)
    {
        reply.Confirm(notBefore);
        reply.AwaitedSince = Now;
        _plan.Recording?.Consent.Replied();
        _log.ReplyConfirmed(reply);
        foreach (var deed in reply.Deeds)
        {
            Record(deed);
        }

        reply.Deeds.Clear();
        if (reply is { AudioEnded: true, HasAudio: false })
        {
            EndWithoutAudio(reply);
        }
    }

    /// <summary>What a speculative reply looked up is kept with it until its turn is over.</summary>
    private void Note(SessionEvent.Deed deed)
    {
        deed.By.ToolsOut += deed is SessionEvent.Called asked ? asked.Calls.Count : -1;
        deed.By.WorkingSince = Now;
        if (!deed.By.IsConfirmed)
        {
            deed.By.Deeds.Add(deed);
        }
        else
        {
            Record(deed);
        }

        Step(new TurnEvent.ReplyWorking(deed.By.Generation));
    }

    /// <summary>Into the history, whichever reply is current now.</summary>
    private void Record(SessionEvent.Deed deed)
    {
        if (deed is SessionEvent.Called(_, var calls))
        {
            History.Called(calls);
            _log.Called(calls);
        }
        else if (deed is SessionEvent.Returned(_, var id, var result))
        {
            History.Returned(id, result);
            _log.Returned(id, result);
        }
    }

    /// <summary>A reply of a model that said nothing has failed, unless a tool has spoken for it.</summary>
    private void EndWithoutAudio(Reply reply)
    {
        if (!reply.IsConfirmed && !reply.HasFailed)
        {
            return; // decided when its turn is over
        }

        if (!reply.HasFailed)
        {
            _reply = null; // one that failed is discarded by the turn machine
        }

        reply.Cancel();
        _log.ReplyFinished(reply, "");
        Step(reply.HasFailed ? new TurnEvent.ReplyFailed(reply.Generation) : new TurnEvent.ReplyFinished(reply.Generation, ""));
    }

    /// <summary>Sends what may be heard now, and notices when all of it was.</summary>
    private void Pump()
    {
        if (_reply is not { } reply)
        {
            return;
        }

        var done = _speaker.Play(reply, Now);
        if (done.HasFlag(Played.Words))
        {
            _log.ReplySpeaks(reply);
        }

        if (done.HasFlag(Played.First))
        {
            Step(new TurnEvent.ReplyAudible(reply.Generation));
        }

        if (done.HasFlag(Played.All) && reply == _reply)
        {
            FinishReply(reply);
        }
    }

    private void FinishReply(Reply reply)
    {
        if (reply.HasFailed)
        {
            // Broken off in the middle: the history gets what was heard, as after an interruption, and the caller a word about it.
            Step(new TurnEvent.ReplyFailed(reply.Generation));
            return;
        }

        var said = reply.Text.All.Trim();
        History.Assistant(said, wasInterrupted: false);
        _log.ReplyFinished(reply, said);
        if (reply.Kind is ReplyKind.Greeting)
        {
            _plan.Recording?.Consent.Heard();
            ReviewConsent();
            if (_plan.IsMachine)
            {
                Step(new TurnEvent.EndWanted("voicemail", null));
            }
        }

        if (reply.Kind is ReplyKind.Answer && _plan.Recording is { Consent.MustEnd: true })
        {
            Step(new TurnEvent.EndWanted("assistant-ended-call", _plan.Assistant.EndCallMessage is { } farewell ? _plan.Texts.Fill(farewell) : null));
        }
        else if (reply.Kind is ReplyKind.Answer && _endPhrases.Any(p => said.Contains(p, StringComparison.OrdinalIgnoreCase)))
        {
            Step(new TurnEvent.EndWanted("assistant-said-end-call-phrase", null));
        }

        _reply = null;
        reply.Cancel();
        Step(new TurnEvent.ReplyFinished(reply.Generation, said));
    }

    private void Interrupt(Reply reply)
    {
        var heard = _speaker.Cut(reply, Now);
        var words = reply.Text.At(heard);
        History.Assistant(words, wasInterrupted: true);
        _plan.Warm.Open(); // its connection is closed with it
        _log.ReplyInterrupted(reply, words, byCaller: _state is { Call: CallPhase.Live, Caller: CallerPhase.Speaking });
        LetGo(reply);
    }

    private void LetGo(Reply reply)
    {
        reply.Cancel();
        _reply = null;
        _speaker.Resume();
    }

    private void Arm()
    {
        var due = _state.NextDeadline;
        if (_reply is { } reply && _speaker.NextAt(reply, Now) is { } audio && !(due < audio))
        {
            due = audio;
        }

        if (due != _armed)
        {
            _armed = due;
            _timer.Change(due is { } at && at < TimeSpan.FromDays(1) ? WholeMilliseconds(at - Now) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Rounded up: the runtime's timers cut a fraction off, and one that is armed with 0.7 ms fires again and again until those are over.</summary>
    private static TimeSpan WholeMilliseconds(TimeSpan wait) => wait > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)) : TimeSpan.Zero;

    [LoggerMessage(3001, LogLevel.Error, "A call's queue was full; the call was given up")]
    private partial void LogOverrun();

    [LoggerMessage(3002, LogLevel.Error, "No transcriber is left for a call: {Provider} {Fault}")]
    private partial void LogDeaf(string provider, Providers.ProviderFault fault);
}
