using System.Buffers;
using System.Buffers.Binary;
using System.Threading.Channels;
using ToolBackend.Voice.Audio;

namespace ToolBackend.Voice.Recording;

/// <summary>
/// One recording as it grows: WAV, format 7 (mu-law), two channels, 8,000 samples a second. Whoever adds never waits: a disk that is more than <see cref="MostWaiting"/> behind costs those seconds, and
/// silence stands in their place. Has the name with <c>.part</c> behind it until it is whole.
/// </summary>
internal sealed partial class RecordingFile : IAsyncDisposable
{
    public const string Unfinished = ".part";

    /// <summary>Seconds of audio.</summary>
    public const int MostWaiting = 16;

    private const int HeaderBytes = 58;
    private const int SampleBytes = 2;

    /// <summary>For the end of a file on a disk that does not answer.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly Channel<Block> _blocks = Channel.CreateBounded<Block>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly CancellationTokenSource _giveUp = new();
    private readonly string _path;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Task _writing;
    private int _lost;

    public RecordingFile(string path, TimeProvider time, ILogger logger)
    {
        (_path, _time, _logger) = (path, time, logger);
        _writing = WriteAsync();
    }

    /// <summary>Never waits.</summary>
    /// <param name="samples">Copied.</param>
    public void Add(ReadOnlyMemory<byte> samples)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(samples.Length);
        samples.CopyTo(bytes);
        if (_blocks.Writer.TryWrite(new Block(bytes, samples.Length, _lost)))
        {
            _lost = 0;
        }
        else
        {
            _lost += samples.Length;
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Completes the file. Never throws.</summary>
    public async ValueTask DisposeAsync()
    {
        _blocks.Writer.TryComplete();
        using var late = _time.CreateTimer(static s => ((CancellationTokenSource)s!).Cancel(), _giveUp, s_patience, Timeout.InfiniteTimeSpan);
        await _writing.ConfigureAwait(false);
        _giveUp.Dispose();
    }

    private async Task WriteAsync()
    {
        try
        {
            await Task.Yield(); // the disk is not the call's loop's business
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Options = FileOptions.Asynchronous, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            var file = new FileStream(_path + Unfinished, options);
            await using (file.ConfigureAwait(false))
            {
                var length = await FillAsync(file).ConfigureAwait(false);
                file.Position = 0;
                await file.WriteAsync(Header(length), _giveUp.Token).ConfigureAwait(false);
            }

            File.Move(_path + Unfinished, _path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            LogLost(e.GetType().FullName!);
        }
        finally
        {
            _blocks.Writer.TryComplete();
            while (_blocks.Reader.TryRead(out var left))
            {
                ArrayPool<byte>.Shared.Return(left.Bytes);
            }
        }
    }

    /// <returns>Bytes of audio.</returns>
    private async Task<int> FillAsync(FileStream file)
    {
        await file.WriteAsync(Header(0), _giveUp.Token).ConfigureAwait(false);
        var length = 0;
        await foreach (var block in _blocks.Reader.ReadAllAsync(_giveUp.Token).ConfigureAwait(false))
        {
            try
            {
                await FillLostAsync(file, block.LostBefore).ConfigureAwait(false);
                await file.WriteAsync(block.Bytes.AsMemory(0, block.Length), _giveUp.Token).ConfigureAwait(false);
                length += block.LostBefore + block.Length;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(block.Bytes);
            }
        }

        await FillLostAsync(file, _lost).ConfigureAwait(false); // at the very end; nobody adds any more
        return length + _lost;
    }

    private async Task FillLostAsync(FileStream file, int lost)
    {
        if (lost > 0)
        {
            LogBehind(lost / SampleBytes / MuLaw.BytesPerSecond);
            await file.WriteAsync(Enumerable.Repeat(MuLaw.Silence, lost).ToArray(), _giveUp.Token).ConfigureAwait(false);
        }
    }

    private static byte[] Header(int length)
    {
        var header = new byte[HeaderBytes];
        "RIFF"u8.CopyTo(header);
        Number(4, HeaderBytes - 8 + length);
        "WAVEfmt "u8.CopyTo(header.AsSpan(8));
        Number(16, 18);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(20), 7); // mu-law
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(22), 2); // channels
        Number(24, MuLaw.BytesPerSecond);
        Number(28, SampleBytes * MuLaw.BytesPerSecond);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(32), SampleBytes);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(34), 8); // bits of a channel's sample
        // Formats other than PCM say how many samples there are.
        "fact"u8.CopyTo(header.AsSpan(38));
        Number(42, 4);
        Number(46, length / SampleBytes);
        "data"u8.CopyTo(header.AsSpan(50));
        Number(54, length);
        return header;

        void Number(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(at), value);
    }

    private readonly record struct Block(byte[] Bytes, int Length, int LostBefore);

    [LoggerMessage(3801, LogLevel.Error, "A call's recording could not be written and is lost from there on: {Exception}")]
    private partial void LogLost(string exception);

    [LoggerMessage(3802, LogLevel.Warning, "The disk of the recordings is too slow: {Seconds} s of a call are silent in its recording")]
    private partial void LogBehind(int seconds);
}
