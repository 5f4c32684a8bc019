using System.Threading.Channels;
using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Providers.Sockets;

namespace ToolBackend.Voice.Synthesis;

/// <summary>One connection to a vendor of synthesis: one task reads, one sends, and this is their owner. Connects at once, behind; what is sent before waits.</summary>
internal sealed class SpeechSocket : IAsyncDisposable
{
    /// <summary>Audio comes as base64 in JSON, hundreds of milliseconds at once.</summary>
    private const int LargestMessage = 16 << 20;

    /// <summary>Frames of text that wait; a call sends a few per second. Beyond it the connection is taken for dead.</summary>
    private const int MostWaiting = 1024;

    private readonly SocketRequest _request;
    private readonly VendorConnector _connector;
    private readonly SynthesisOptions _options;
    private readonly TimeProvider _time;
    private readonly ISpeechSession _session;
    private readonly Channel<byte[]> _frames = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;

    private ProviderException? _fault;
    private bool _disposed;

    public SpeechSocket(SocketRequest request, VendorConnector connector, SynthesisOptions options, TimeProvider time, ISpeechSession session)
    {
        (_request, _connector, _options, _time, _session) = (request, connector, options, time, session);
        _run = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Never waits. After the end it does nothing.</summary>
    public void Send(byte[] frame)
    {
        if (!_frames.Writer.TryWrite(frame))
        {
            Fail(new ProviderException(_request.Provider, ProviderFault.TimedOut, "send"));
        }
    }

    /// <summary>The vendor does not serve on it: drops the connection now. <see cref="ISpeechSession.Lost"/> follows, with this fault.</summary>
    public void Abandon(ProviderException fault) => Fail(fault);

    /// <summary>Sends what waits and a last frame, then drops the connection; within half a second.</summary>
    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _disposed, true);
        _frames.Writer.TryComplete();
        await _run.WaitAsync(TimeSpan.FromMilliseconds(500), _time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stop.CancelAsync();
        await _run;
    }

    private async Task RunAsync()
    {
        ProviderException? end = null;
        try
        {
            using var socket = await _connector.ConnectAsync(_request, _options.ConnectDeadline, LargestMessage, _stop.Token);
            await ServeAsync(socket);
        }
        catch (ProviderException fault)
        {
            end = fault;
        }
        catch (OperationCanceledException)
        {
            // Disposed of, or failed: the fault says which.
        }
        catch (Exception bug)
        {
            // A call survives a bug in one vendor's client as it survives the vendor's.
            end = new ProviderException(_request.Provider, ProviderFault.Protocol, bug.GetType().Name, bug);
        }

        end = Volatile.Read(ref _fault) ?? end ?? new ProviderException(_request.Provider, ProviderFault.ServerError, "closed");
        _frames.Writer.TryComplete();
        _session.Lost(Volatile.Read(ref _disposed) ? null : end);
    }

    private async Task ServeAsync(VendorSocket socket)
    {
        using var keepAlive = _time.CreateTimer(static self => ((SpeechSocket)self!).HoldOpen(), this, _options.KeepAlive, _options.KeepAlive);
        var sending = SendAsync(socket);
        try
        {
            await ReadAsync(socket);
        }
        catch (ProviderException fault)
        {
            // What the vendor said counts, not that sending failed after it.
            Interlocked.CompareExchange(ref _fault, fault, null);
        }
        finally
        {
            await _stop.CancelAsync();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SendAsync(VendorSocket socket)
    {
        try
        {
            while (await _frames.Reader.WaitToReadAsync(_stop.Token))
            {
                while (_frames.Reader.TryRead(out var frame))
                {
                    await socket.SendTextAsync(frame);
                }
            }

            // Disposed of: everything was sent.
            await _stop.CancelAsync();
        }
        catch (ProviderException fault)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Fail(fault);
        }
    }

    private async Task ReadAsync(VendorSocket socket)
    {
        using var buffer = new MessageBuffer(8192);
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer);
            if (received is Received.Closed)
            {
                throw _session.Closed(socket.CloseStatus, socket.CloseDescription);
            }

            if (_session.Read(received, buffer.Message, out var audio) is { } queue && !queue.TryWrite(audio))
            {
                await queue.WriteAsync(audio, _stop.Token);
            }
        }
    }

    private void HoldOpen()
    {
        if (_session.KeepAlive() is { } frame)
        {
            Send(frame);
        }
    }

    private void Fail(ProviderException fault)
    {
        if (!Volatile.Read(ref _disposed) && Interlocked.CompareExchange(ref _fault, fault, null) is null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static self => self._stop.Cancel(), this, preferLocal: false);
        }
    }
}
