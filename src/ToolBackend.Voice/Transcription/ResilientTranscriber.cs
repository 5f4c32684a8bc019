using System.Threading.Channels;
using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Audio;
using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Transcription;

/// <summary>A transcriber that goes on with another connection, and another vendor, when one is lost or deaf: audio is given again, words are not.</summary>
internal sealed class ResilientTranscriber : ITranscriber
{
    /// <summary>So long a connection holds, it has served even when the caller said nothing.</summary>
    private static readonly TimeSpan s_served = TimeSpan.FromSeconds(5);

    /// <summary>A turn that was under way at the switch and that the new connection says nothing of ends after this.</summary>
    private static readonly TimeSpan s_unheard = TimeSpan.FromSeconds(3);

    private readonly IReadOnlyList<TranscriberLink> _links;
    private readonly IProviderGate _gate;
    private readonly TranscriptionOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<TranscriberSwitch> _switched;
    private readonly Channel<TranscriptEvent> _events = Channel.CreateBounded<TranscriptEvent>(new BoundedChannelOptions(64) { SingleReader = true, SingleWriter = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _audio = new();
    private readonly AudioHistory _history;
    private readonly SwitchPlan _plan;
    private readonly ReplayRange _range = new();
    private readonly TurnContract _turn = new();
    private readonly List<TranscriptEvent> _give = [];
    private readonly Task _run;

    private ITranscriber? _current;
    private long _origin;
    private bool _served;
    private bool _closing;
    private TurnSplice? _splice;

    /// <param name="links">At least one, all configured.</param>
    /// <param name="switched">Told of each switch, on the task that reads.</param>
    public ResilientTranscriber(IReadOnlyList<TranscriberLink> links, IProviderGate gate, TranscriptionOptions options, TimeProvider time, Action<TranscriberSwitch> switched)
    {
        (_links, _gate, _options, _time, _switched) = (links, gate, options, time, switched);
        _history = new AudioHistory(MuLaw.Bytes(options.ReplayInTurn));
        _plan = new SwitchPlan(links.Count);
        var first = _plan.First(MayBeAsked) ?? 0;
        _current = links[first].Open();
        _run = Task.Run(() => RunAsync(first), CancellationToken.None);
    }

    public ChannelReader<TranscriptEvent> Events => _events.Reader;

    public void Write(ReadOnlySpan<byte> audio)
    {
        lock (_audio)
        {
            _history.Append(audio);
            _current?.Write(audio);
        }
    }

    public async ValueTask DisposeAsync()
    {
        ITranscriber? current;
        lock (_audio)
        {
            _closing = true;
            current = _current;
        }

        if (current is not null)
        {
            await current.DisposeAsync();
        }

        await _stop.CancelAsync();
        await _run;
    }

    private async Task RunAsync(int link)
    {
        Exception? end = null;
        try
        {
            end = await HearAsync(link);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed of.
        }
        catch (Exception bug)
        {
            end = bug;
        }

        _events.Writer.Complete(Volatile.Read(ref _closing) ? null : end);
    }

    /// <summary>Returns why nobody hears any longer; null when disposed of.</summary>
    private async Task<ProviderException?> HearAsync(int link)
    {
        var lastServed = _time.GetTimestamp();
        while (true)
        {
            var opened = _time.GetTimestamp();
            _served = false;
            var fault = await ReadAsync(_current!, link);
            if (fault is null)
            {
                return null;
            }

            var now = _time.GetTimestamp();
            if (_served || _time.GetElapsedTime(opened, now) >= s_served)
            {
                lastServed = now;
                _plan.Served();
            }

            await _current!.DisposeAsync();
            _gate.Report(_links[link].Provider, fault.Fault);
            var choice = _plan.Next(link, fault, connected: fault.Code is not "connect", MayBeAsked);
            if (choice.Link is not { } next || _time.GetElapsedTime(lastServed, now) > _options.GiveUpAfter)
            {
                return fault;
            }

            if (choice.Pause > TimeSpan.Zero)
            {
                await Task.Delay(choice.Pause, _time, _stop.Token);
            }

            var replayed = Replay(next, fault, _time.GetElapsedTime(lastServed));
            if (replayed is not { } audio)
            {
                return null;
            }

            _switched(new TranscriberSwitch(_links[link].Provider, _links[next].Provider, fault.Fault, fault.Code, audio));
            link = next;
        }
    }

    /// <summary>Opens the next connection and gives it audio again; null when disposed of meanwhile.</summary>
    private TimeSpan? Replay(int next, ProviderException fault, TimeSpan unserved)
    {
        lock (_audio)
        {
            if (_closing)
            {
                return null;
            }

            // Who is found deaf has heard nothing for a while; so has everybody while nobody could be reached.
            var deaf = fault.Fault is ProviderFault.TimedOut ? _options.NovaDeafAfter : TimeSpan.Zero;
            var (start, whole) = _range.From(_history.End, _options.Replay + deaf + unserved, _options.ReplayInTurn);
            var (first, second) = _history.From(start);
            _current = _links[next].Open();
            Write(_current, first.Span);
            Write(_current, second.Span);
            _origin = Math.Max(start, _history.Start);
            var replayed = MuLaw.Duration(_history.End - _origin);
            var before = _splice is { IsDone: false } unfinished ? unfinished.Before : _turn.Text;
            _splice = before.Length > 0 ? new TurnSplice(before, whole, replayed) : null;
            return replayed;
        }
    }

    private static void Write(ITranscriber transcriber, ReadOnlySpan<byte> audio)
    {
        if (!audio.IsEmpty)
        {
            transcriber.Write(audio);
        }
    }

    private async Task<ProviderException?> ReadAsync(ITranscriber transcriber, int link)
    {
        try
        {
            while (await WaitAsync(transcriber, link))
            {
                while (transcriber.Events.TryRead(out var heard))
                {
                    if (!_served)
                    {
                        _served = true;
                        _gate.Report(_links[link].Provider, null);
                    }

                    await TakeAsync(heard);
                }
            }

            return null;
        }
        catch (ProviderException fault)
        {
            return fault;
        }
        catch (ChannelClosedException closed) when (closed.InnerException is ProviderException fault)
        {
            return fault;
        }
    }

    /// <summary>False: no more comes. A turn of which the new connection says nothing is ended meanwhile.</summary>
    private async ValueTask<bool> WaitAsync(ITranscriber transcriber, int link)
    {
        var more = transcriber.Events.WaitToReadAsync(_stop.Token);
        if (_splice is not { } splice || more.IsCompleted)
        {
            return await more;
        }

        var waiting = more.AsTask();
        await ((Task)waiting).WaitAsync(s_unheard, _time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!waiting.IsCompleted)
        {
            _splice = null;
            await GiveAsync(new TranscriptEvent(_links[link].EndsTurns ? TranscriptKind.Over : TranscriptKind.Paused, splice.Before, 1, _time.GetTimestamp()), null);
        }

        return await waiting;
    }

    private async ValueTask TakeAsync(TranscriptEvent heard)
    {
        var position = heard.HeardTo is { } to ? _origin + MuLaw.Bytes(to) : (long?)null;
        if (_splice is null)
        {
            await GiveAsync(heard, position);
            return;
        }

        if (_splice.Take(heard) is { } joined)
        {
            await GiveAsync(joined, position);
        }

        if (_splice.IsDone)
        {
            _splice = null;
        }
    }

    private async ValueTask GiveAsync(TranscriptEvent heard, long? position)
    {
        lock (_audio)
        {
            _range.Heard(heard.Kind, Math.Min(position ?? _history.End, _history.End));
        }

        _give.Clear();
        _turn.Take(heard, _give);
        for (var i = 0; i < _give.Count; i++)
        {
            if (!_events.Writer.TryWrite(_give[i]))
            {
                await _events.Writer.WriteAsync(_give[i], _stop.Token);
            }
        }
    }

    private bool MayBeAsked(int link) => _gate.IsOpen(_links[link].Provider);
}
