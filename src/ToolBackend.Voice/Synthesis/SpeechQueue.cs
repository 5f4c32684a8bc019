using System.Threading.Channels;
using ToolBackend.Voice.Providers.Sockets;

namespace ToolBackend.Voice.Synthesis;

/// <summary>Synthesised audio on its way to its one reader, bounded by bytes: one writer waits when they are too many. Once completed, what is written is dropped.</summary>
internal sealed class SpeechQueue(int capacity) : ChannelReader<SpeechAudio>
{
    private readonly Channel<SpeechAudio> _items = Channel.CreateUnbounded<SpeechAudio>(new UnboundedChannelOptions { SingleReader = true });
    private readonly AsyncSignal _room = new();
    private long _bytes;

    public override Task Completion => _items.Reader.Completion;

    /// <summary>False: too much is there. An empty queue takes a piece of any size.</summary>
    public bool TryWrite(in SpeechAudio audio)
    {
        var bytes = Interlocked.Read(ref _bytes);
        if (bytes > 0 && bytes + audio.MuLaw.Length > capacity && !Completion.IsCompleted)
        {
            return false;
        }

        Interlocked.Add(ref _bytes, audio.MuLaw.Length);
        _items.Writer.TryWrite(audio);
        return true;
    }

    public async ValueTask WriteAsync(SpeechAudio audio, CancellationToken cancellation)
    {
        using var wake = cancellation.UnsafeRegister(static room => ((AsyncSignal)room!).Set(), _room);
        while (!TryWrite(audio))
        {
            cancellation.ThrowIfCancellationRequested();
            await _room.WaitAsync();
        }
    }

    /// <summary>The first completion counts.</summary>
    public bool Complete(Exception? failure)
    {
        var first = _items.Writer.TryComplete(failure);
        Interlocked.Exchange(ref _bytes, 0);
        _room.Set();
        return first;
    }

    public override bool TryRead(out SpeechAudio item)
    {
        if (!_items.Reader.TryRead(out item))
        {
            return false;
        }

        Interlocked.Add(ref _bytes, -item.MuLaw.Length);
        _room.Set();
        return true;
    }

    public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) => _items.Reader.WaitToReadAsync(cancellationToken);
}
