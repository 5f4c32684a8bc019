using System.Buffers;
using System.Threading.Channels;
using ToolBackend.Voice.Audio;
using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Providers.Sockets;

namespace ToolBackend.Voice.Transcription;

/// <summary>
/// One connection to a vendor of transcription: one task reads, one sends, and this is their owner. Nothing is allocated per piece of audio.
/// <code>
/// Write -> queue (15 s, oldest dropped) -> sender -> socket -> reader -> protocol -> Events (64, then the vendor waits)
/// </code>
/// </summary>
internal sealed class TranscriberSocket : ITranscriber
{
    private const int QueueSeconds = 15;
    private const int LargestMessage = 1 << 20;

    /// <summary>A proxy's or a vendor's hiccup; with more of them the other side does not speak the protocol.</summary>
    private const int GarbageAllowed = 3;

    private readonly TranscriberProtocol _protocol;
    private readonly VendorConnector _connector;
    private readonly TranscriptionOptions _options;
    private readonly TimeProvider _time;
    private readonly DeafnessWatch _watch;
    private readonly Channel<TranscriptEvent> _events = Channel.CreateBounded<TranscriptEvent>(new BoundedChannelOptions(64) { SingleReader = true, SingleWriter = true });
    private readonly Lock _gate = new();
    private readonly AudioQueue _queue = new(QueueSeconds * MuLaw.BytesPerSecond);
    // The sender goes on where the audio came in: 50 times a second a thread less is woken, and a send only copies into the kernel's buffer.
    private readonly AsyncSignal _signal = new(runsInline: true);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;

    private ProviderException? _fault;
    private bool _closing;
    private bool _ended;
    private bool _open;
    private long _leftOut;
    private int _keepAliveDue;
    private int _sentSinceKeepAlive;

    public TranscriberSocket(TranscriberProtocol protocol, VendorConnector connector, TranscriptionOptions options, TimeProvider time)
    {
        (_protocol, _connector, _options, _time) = (protocol, connector, options, time);
        _watch = new DeafnessWatch(protocol.Deafness, time);
        _run = Task.Run(RunAsync, CancellationToken.None);
    }

    public ChannelReader<TranscriptEvent> Events => _events.Reader;

    public void Write(ReadOnlySpan<byte> audio)
    {
        if (audio.IsEmpty)
        {
            return;
        }

        lock (_gate)
        {
            if (_closing || _ended)
            {
                return;
            }

            _queue.Append(audio);
        }

        _signal.Set();
        if (_watch.Audio(audio))
        {
            Fail(new ProviderException(_protocol.Request.Provider, ProviderFault.TimedOut, "deaf"));
        }
    }

    /// <summary>Sends what is left, asks for the last words and reads them, for as long as <see cref="TranscriptionOptions.CloseDeadline"/>; then drops the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        bool open;
        lock (_gate)
        {
            _closing = true;
            open = _open;
        }

        _signal.Set();
        if (open)
        {
            await _run.WaitAsync(_options.CloseDeadline, _time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _stop.CancelAsync();
        _signal.Set();
        await _run;
    }

    private async Task RunAsync()
    {
        ProviderException? end = null;
        try
        {
            using var socket = await _connector.ConnectAsync(_protocol.Request, _options.ConnectDeadline, LargestMessage, _stop.Token);
            await ServeAsync(socket);
        }
        catch (ProviderException fault)
        {
            end = fault;
        }
        catch (OperationCanceledException)
        {
            // Disposed of, or deaf: the fault says which.
        }
        catch (Exception bug)
        {
            // A call survives a bug in one vendor's client as it survives the vendor's.
            end = new ProviderException(_protocol.Request.Provider, ProviderFault.Protocol, bug.GetType().Name, bug);
        }

        lock (_gate)
        {
            end = _fault ?? (_closing ? null : end);
            _ended = true;
            _queue.Dispose();
        }

        _events.Writer.Complete(end);
    }

    private async Task ServeAsync(VendorSocket socket)
    {
        using var keepAlive = _protocol.KeepAlive.IsEmpty ? null : _time.CreateTimer(static self => ((TranscriberSocket)self!).AskForKeepAlive(), this, _options.KeepAlive, _options.KeepAlive);
        _watch.Opened(_time.GetTimestamp());
        lock (_gate)
        {
            _open = true;
        }

        var sending = SendAsync(socket);
        try
        {
            await ReadAsync(socket);
        }
        catch (ProviderException fault)
        {
            Fail(fault);
        }
        finally
        {
            // The vendor closed: the sender has nobody to send to.
            await _stop.CancelAsync();
            _signal.Set();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SendAsync(VendorSocket socket)
    {
        var piece = ArrayPool<byte>.Shared.Rent(_protocol.PieceBytes);
        try
        {
            var pace = _protocol.RealTimeOnly ? new SendingPace(_time) : null;
            while (true)
            {
                _stop.Token.ThrowIfCancellationRequested();
                var (count, waiting, closing) = NextPiece(piece.AsSpan(0, _protocol.PieceBytes));
                if (count > 0)
                {
                    await SendPieceAsync(socket, piece.AsMemory(0, count), waiting, closing, pace);
                }
                else if (closing)
                {
                    await socket.SendTextAsync(_protocol.Goodbye);
                    return;
                }
                else if (Interlocked.Exchange(ref _keepAliveDue, 0) == 1)
                {
                    await socket.SendTextAsync(_protocol.KeepAlive);
                }
                else
                {
                    await _signal.WaitAsync();
                }
            }
        }
        catch (ProviderException fault)
        {
            // Why the vendor went is in what it says last: the reader gets to see that first when it is there.
            await Task.Delay(TimeSpan.FromMilliseconds(20), _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Fail(fault);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    /// <summary>A whole piece, or at the end what is left; else nothing.</summary>
    private (int Count, int Waiting, bool Closing) NextPiece(Span<byte> piece)
    {
        lock (_gate)
        {
            if (_queue.Count < piece.Length && (!_closing || _queue.Count == 0))
            {
                return (0, 0, _closing);
            }

            var count = _queue.Take(piece);
            if (count < piece.Length && _protocol.FillsLastPiece)
            {
                piece[count..].Fill(MuLaw.Silence);
                count = piece.Length;
            }

            return (count, _queue.Count, _closing);
        }
    }

    private async ValueTask SendPieceAsync(VendorSocket socket, ReadOnlyMemory<byte> piece, int waiting, bool closing, SendingPace? pace)
    {
        if (pace is not null)
        {
            if (pace.LeaveOut(piece.Span, waiting))
            {
                Interlocked.Add(ref _leftOut, piece.Length);
                return;
            }

            if (!closing && pace.WaitBefore() is var wait && wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, _time, _stop.Token);
            }

            pace.Sent(piece.Length);
        }

        await socket.SendBinaryAsync(piece);
        Volatile.Write(ref _sentSinceKeepAlive, 1);
    }

    private async Task ReadAsync(VendorSocket socket)
    {
        using var buffer = new MessageBuffer(2048);
        var sink = new TranscriptSink();
        var garbage = 0;
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer);
            if (received is Received.Closed)
            {
                if (!Volatile.Read(ref _closing))
                {
                    throw _protocol.Closed(socket.CloseStatus, socket.CloseDescription);
                }

                return;
            }

            var at = _time.GetTimestamp();
            sink.Begin(at, MuLaw.Duration(Interlocked.Read(ref _leftOut) + _queue.Dropped));
            if (received is Received.Binary || !_protocol.Read(buffer.Message, sink))
            {
                if (++garbage > GarbageAllowed)
                {
                    throw new ProviderException(_protocol.Request.Provider, ProviderFault.Protocol, "garbage");
                }

                continue;
            }

            _watch.Message(at);
            for (var i = 0; i < sink.Events.Count; i++)
            {
                if (!_events.Writer.TryWrite(sink.Events[i]))
                {
                    await _events.Writer.WriteAsync(sink.Events[i], _stop.Token);
                }
            }
        }
    }

    private void AskForKeepAlive()
    {
        if (Interlocked.Exchange(ref _sentSinceKeepAlive, 0) == 0)
        {
            Volatile.Write(ref _keepAliveDue, 1);
            _signal.Set();
        }
    }

    /// <summary>The first fault counts. Ends the tasks from a thread of the pool: the caller may hold audio that must not wait.</summary>
    private void Fail(ProviderException fault)
    {
        lock (_gate)
        {
            if (_fault is not null || _closing || _ended)
            {
                return;
            }

            _fault = fault;
        }

        ThreadPool.UnsafeQueueUserWorkItem(
            static self =>
            {
                self._stop.Cancel();
                self._signal.Set();
            },
            this,
            preferLocal: false);
    }
}
