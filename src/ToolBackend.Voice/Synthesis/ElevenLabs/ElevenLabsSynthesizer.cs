using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Providers.Sockets;

namespace ToolBackend.Voice.Synthesis.ElevenLabs;

/// <summary>ElevenLabs for one call and one voice: one socket, and another when the first has no place or was lost. A socket is never shared between calls: one error would end them all.</summary>
internal sealed class ElevenLabsSynthesizer : ISynthesizer
{
    private readonly SocketRequest _request;
    private readonly VendorConnector _connector;
    private readonly SynthesisOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly List<ElevenLabsConnection> _connections = [];
    private int _utterances;
    private bool _disposed;

    public ElevenLabsSynthesizer(SocketRequest request, VoiceModel voice, VendorConnector connector, SynthesisOptions options, TimeProvider time)
    {
        (_request, Voice, _connector, _options, _time) = (request, voice, connector, options, time);
        lock (_gate)
        {
            Connect_NeedsLock();
        }
    }

    public string Provider => ElevenLabsFault.Provider;

    public VoiceModel Voice { get; }

    public ISpeechStream Begin() => new ElevenLabsUtterance(this, $"u{Interlocked.Increment(ref _utterances)}", _options, _time);

    /// <summary>A connection with a place for the context.</summary>
    public ElevenLabsConnection Place(string context, ElevenLabsUtterance utterance)
    {
        lock (_gate)
        {
            // The newest first: an older one only has contexts that are ending.
            for (var i = _connections.Count - 1; i >= 0; i--)
            {
                if (_connections[i].TryAdd(context, utterance))
                {
                    return _connections[i];
                }
            }

            var connection = Connect_NeedsLock();
            connection.TryAdd(context, utterance);
            return connection;
        }
    }

    public async ValueTask DisposeAsync()
    {
        ElevenLabsConnection[] open;
        lock (_gate)
        {
            _disposed = true;
            open = [.. _connections];
        }

        foreach (var connection in open)
        {
            await connection.DisposeAsync();
        }
    }

    private ElevenLabsConnection Connect_NeedsLock()
    {
        var connection = new ElevenLabsConnection(_request, _connector, _options, _time, Lost);
        _connections.Add(connection);
        return connection;
    }

    /// <summary>One that served is replaced at once, so that the next utterance does not wait; one that never did only when it is needed.</summary>
    private void Lost(ElevenLabsConnection connection, ProviderException? fault)
    {
        lock (_gate)
        {
            _connections.Remove(connection);
            if (!_disposed && connection.Lived && fault is { IsPermanent: false } && _connections.Count == 0)
            {
                Connect_NeedsLock();
            }
        }
    }
}
