using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Providers.Sockets;

namespace ToolBackend.Voice.Synthesis.ElevenLabs;

/// <summary>
/// The contexts of one socket. Each utterance is a context, from its first text to the vendor's final; one that was cancelled still counts until then. A sixth would cost the socket.
/// </summary>
internal sealed class ElevenLabsConnection : ISpeechSession, IAsyncDisposable
{
    private const int MostContexts = 5;
    private const int GarbageAllowed = 3;

    private readonly Lock _gate = new();
    /// <summary>Null for a context whose audio nobody wants any more.</summary>
    private readonly Dictionary<string, ElevenLabsUtterance?> _contexts = new(StringComparer.Ordinal);
    private readonly Action<ElevenLabsConnection, ProviderException?> _lost;
    private readonly SpeechSocket _socket;
    private bool _isLost;
    private int _garbage;

    public ElevenLabsConnection(SocketRequest request, VendorConnector connector, SynthesisOptions options, TimeProvider time, Action<ElevenLabsConnection, ProviderException?> lost)
    {
        _lost = lost;
        _socket = new SpeechSocket(request, connector, options, time, this);
    }

    /// <summary>Whether the vendor said anything: a connection that lived is worth opening again.</summary>
    public bool Lived { get; private set; }

    /// <summary>Takes a place; false when none is free or the connection is gone.</summary>
    public bool TryAdd(string context, ElevenLabsUtterance utterance)
    {
        lock (_gate)
        {
            if (_isLost || _contexts.Count >= MostContexts)
            {
                return false;
            }

            _contexts.Add(context, utterance);
            return true;
        }
    }

    /// <summary>Sends a frame of a context, unless the vendor has ended it: anything sent to an ended context opens a new one.</summary>
    public void Send(string context, byte[] frame)
    {
        lock (_gate)
        {
            if (_contexts.ContainsKey(context))
            {
                _socket.Send(frame);
            }
        }
    }

    /// <summary>Its audio is dropped from now on; its place is free when the vendor says so.</summary>
    public void Forget(string context)
    {
        lock (_gate)
        {
            if (_contexts.ContainsKey(context))
            {
                _contexts[context] = null;
            }
        }
    }

    /// <summary>The vendor is silent where it owes audio: nothing more is placed here, and the connection is dropped.</summary>
    public void Abandon(ProviderException fault)
    {
        lock (_gate)
        {
            _isLost = true;
        }

        _socket.Abandon(fault);
    }

    public SpeechQueue? Read(Received kind, ReadOnlySpan<byte> message, out SpeechAudio audio)
    {
        audio = default;
        if (kind is Received.Binary || !ElevenLabsMessageReader.TryRead(message, out var read))
        {
            return ++_garbage > GarbageAllowed ? throw new ProviderException(ElevenLabsFault.Provider, ProviderFault.Protocol, "garbage") : null;
        }

        if (read.Error is not null)
        {
            throw ElevenLabsFault.Error(read.Error);
        }

        Lived = true;
        var utterance = Owner(read);
        var queue = read.Audio is { Length: > 0 } ? utterance?.Take(read.Audio, read.Alignment, out audio) : null;
        if (read.IsFinal)
        {
            if (queue is not null)
            {
                // The final's own audio comes before the end of the queue.
                queue.TryWrite(audio);
                queue = null;
            }

            utterance?.End();
        }

        return queue;
    }

    public ProviderException Closed(int status, string description) => ElevenLabsFault.Closed(status, description);

    /// <summary>Contexts that are open are held one by one; the connection when there is none.</summary>
    public byte[]? KeepAlive()
    {
        lock (_gate)
        {
            foreach (var (context, utterance) in _contexts)
            {
                if (utterance is { MayBeHeld: true })
                {
                    _socket.Send(ElevenLabsFrames.Hold(context));
                }
            }

            return _contexts.Count == 0 ? ElevenLabsFrames.Hold() : null;
        }
    }

    public void Lost(ProviderException? fault)
    {
        ElevenLabsUtterance[] open;
        lock (_gate)
        {
            _isLost = true;
            open = [.. _contexts.Values.OfType<ElevenLabsUtterance>()];
            _contexts.Clear();
        }

        foreach (var utterance in open)
        {
            utterance.Fail(fault);
        }

        _lost(this, fault);
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Send(ElevenLabsFrames.Goodbye());
        await _socket.DisposeAsync();
    }

    /// <summary>Null for audio that nobody wants. A final frees the place.</summary>
    private ElevenLabsUtterance? Owner(in ElevenLabsMessage read)
    {
        lock (_gate)
        {
            if (read.Context is null || !_contexts.TryGetValue(read.Context, out var utterance))
            {
                return null;
            }

            if (read.IsFinal)
            {
                _contexts.Remove(read.Context);
            }

            return utterance;
        }
    }
}
