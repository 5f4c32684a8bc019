using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Providers.Sockets;
using ToolBackend.Voice.Transcription.Deepgram;

namespace ToolBackend.Voice.Synthesis.Deepgram;

/// <summary>
/// Deepgram Aura for one call and one voice. Utterances are spoken one after the other over one connection.
/// <code>
/// text               Speak, each with a space at its end
/// flush              Flush, while the budget lasts (20 a minute); answered by Flushed behind its last audio
/// Complete           Flush for what is not flushed; the last Flushed ends the audio
/// disposed of early  Clear; what comes before Cleared is dropped
/// </code>
/// </summary>
internal sealed class AuraSynthesizer : ISynthesizer, ISpeechSession
{
    private const int GarbageAllowed = 3;

    private readonly SocketRequest _request;
    private readonly VendorConnector _connector;
    private readonly SynthesisOptions _options;
    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private readonly Lock _gate = new();
    private readonly LinkedList<AuraUtterance> _utterances = new();
    private readonly ITimer _timer;
    private SpeechSocket? _socket;
    private FlushBudget _budget = new();
    private int _clearing;
    private int _garbage;
    private bool _lived;
    private bool _abandoned;
    private bool _disposed;

    public AuraSynthesizer(SocketRequest request, VendorConnector connector, SynthesisOptions options, TimeProvider time)
    {
        (_request, _connector, _options, _time) = (request, connector, options, time);
        _startedAt = time.GetTimestamp();
        _timer = time.CreateTimer(static self => ((AuraSynthesizer)self!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        lock (_gate)
        {
            Connect_NeedsLock();
        }
    }

    public string Provider => DeepgramFault.Provider;

    public ISpeechStream Begin()
    {
        var utterance = new AuraUtterance(this, _options);
        lock (_gate)
        {
            _utterances.AddLast(utterance);
        }

        return utterance;
    }

    internal void Write(AuraUtterance utterance, string text, bool flush)
    {
        lock (_gate)
        {
            if (utterance.HasEnded || utterance.IsComplete)
            {
                return;
            }

            if (_abandoned || utterance != _utterances.First?.Value)
            {
                utterance.Waiting.Add((text, flush));
                return;
            }

            Send_NeedsLock(utterance, text, flush);
            Look_NeedsLock();
        }
    }

    internal void Complete(AuraUtterance utterance)
    {
        lock (_gate)
        {
            utterance.IsComplete = true;
            Look_NeedsLock();
        }
    }

    internal void Cancel(AuraUtterance utterance)
    {
        lock (_gate)
        {
            Drop_NeedsLock(utterance);
        }
    }

    public SpeechQueue? Read(Received kind, ReadOnlySpan<byte> message, out SpeechAudio audio)
    {
        audio = default;
        lock (_gate)
        {
            _lived = true;
            var speaking = _clearing == 0 ? _utterances.First?.Value : null;
            if (kind is Received.Binary)
            {
                if (speaking is not { HasSent: true } || message.IsEmpty)
                {
                    return null;
                }

                audio = new SpeechAudio(message.ToArray(), null, EndsFlush: false);
                speaking.Watch.Audio(null, Now);
                Look_NeedsLock();
                return speaking.Queue;
            }

            if (!AuraMessage.TryRead(message, out var read))
            {
                return ++_garbage > GarbageAllowed ? throw new ProviderException(Provider, ProviderFault.Protocol, "garbage") : null;
            }

            switch (read.Kind)
            {
                case AuraKind.Error:
                    throw DeepgramFault.Error(read.Code);
                case AuraKind.Cleared:
                    _clearing = Math.Max(0, _clearing - 1);
                    break;
                case AuraKind.Flushed when speaking?.Owed.TryDequeue(out var joined) is true:
                    // Nobody waits for room: a mark has no bytes.
                    speaking.Queue.TryWrite(new SpeechAudio(ReadOnlyMemory<byte>.Empty, null, EndsFlush: true) { JoinedFlushes = joined });
                    Look_NeedsLock();
                    break;
            }

            return null;
        }
    }

    public ProviderException Closed(int status, string description) => DeepgramFault.Closed(status, description);

    /// <summary>The protocol has none: pings hold the connection.</summary>
    public byte[]? KeepAlive() => null;

    public void Lost(ProviderException? fault)
    {
        lock (_gate)
        {
            var again = _lived || _abandoned;
            (_socket, _clearing, _budget, _abandoned) = (null, 0, new FlushBudget(), false);
            foreach (var utterance in _utterances.Where(static u => u.HasSent).ToArray())
            {
                _utterances.Remove(utterance);
                utterance.End(fault);
            }

            // Where nothing was ever heard of the vendor, the next utterance tries again, and not we in a circle.
            if (!_disposed && again && fault is { IsPermanent: false })
            {
                Connect_NeedsLock();
            }

            if (!_disposed)
            {
                Look_NeedsLock();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        SpeechSocket? socket;
        lock (_gate)
        {
            _disposed = true;
            socket = _socket;
            foreach (var utterance in _utterances)
            {
                utterance.End(null);
            }

            _utterances.Clear();
        }

        await _timer.DisposeAsync();
        if (socket is not null)
        {
            socket.Send(AuraFrames.Goodbye);
            await socket.DisposeAsync();
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_startedAt);

    private void Connect_NeedsLock()
    {
        _lived = false;
        _socket = new SpeechSocket(_request, _connector, _options, _time, this);
    }

    private void Send_NeedsLock(AuraUtterance utterance, string text, bool flush)
    {
        if (!string.IsNullOrWhiteSpace(text))
        {
            if (_socket is null)
            {
                Connect_NeedsLock();
            }

            var spoken = char.IsWhiteSpace(text[^1]) ? text : text + " ";
            foreach (var frame in AuraFrames.Speak(spoken))
            {
                _socket!.Send(frame);
            }

            utterance.Watch.Written(spoken, speakable: false, Now);
            (utterance.HasSent, utterance.IsUnflushed) = (true, true);
        }

        if (flush && utterance.IsUnflushed)
        {
            if (_budget.TryTake(Now, ends: false))
            {
                Flush_NeedsLock(utterance);
            }
            else
            {
                utterance.Joined++;
            }
        }
    }

    private void Flush_NeedsLock(AuraUtterance utterance)
    {
        utterance.IsUnflushed = false;
        utterance.Owed.Enqueue(utterance.Joined);
        utterance.Joined = 0;
        utterance.Watch.Written("", speakable: true, Now);
        _socket?.Send(AuraFrames.Flush);
    }

    /// <summary>Ends what is over or late, lets the next one speak, and sets the timer.</summary>
    private void Look_NeedsLock()
    {
        while (!_abandoned && _utterances.First?.Value is { } head)
        {
            foreach (var (text, flush) in head.Waiting)
            {
                Send_NeedsLock(head, text, flush);
            }

            head.Waiting.Clear();
            if (head.IsComplete && head.IsUnflushed)
            {
                if (!_budget.TryTake(Now, ends: true))
                {
                    _timer.Change(_budget.Wait(Now) + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
                    return;
                }

                Flush_NeedsLock(head);
            }

            if (head is { IsComplete: true, IsWatchedToItsEnd: false })
            {
                // Also when all was flushed before: what the vendor owes now is the end.
                head.IsWatchedToItsEnd = true;
                head.Watch.Completed(Now);
            }

            if (head is { IsComplete: true, Owed.Count: 0 })
            {
                _utterances.RemoveFirst();
                head.End(null);
                continue;
            }

            var (verdict, again) = head.Watch.Look(Now);
            if (verdict is Verdict.Wait)
            {
                _timer.Change(again is { } wait ? wait + TimeSpan.FromMilliseconds(1) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                return;
            }

            Abandon_NeedsLock(head);
        }
    }

    private void Look()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                Look_NeedsLock();
            }
        }
    }

    /// <summary>The vendor is silent where it owes audio: what comes next is said over a new connection.</summary>
    private void Abandon_NeedsLock(AuraUtterance utterance)
    {
        var fault = new ProviderException(Provider, ProviderFault.TimedOut, "audio");
        _utterances.Remove(utterance);
        utterance.End(fault);
        _abandoned = _socket is not null;
        _socket?.Abandon(fault);
    }

    private void Drop_NeedsLock(AuraUtterance utterance)
    {
        if (utterance.HasEnded)
        {
            return;
        }

        var spoke = utterance == _utterances.First?.Value && utterance.HasSent;
        _utterances.Remove(utterance);
        utterance.End(null);
        if (spoke && _socket is not null)
        {
            _clearing++;
            _socket.Send(AuraFrames.Clear);
            Look_NeedsLock();
        }
    }
}
