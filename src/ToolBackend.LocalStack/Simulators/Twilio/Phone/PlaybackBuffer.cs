namespace ToolBackend.LocalStack.Simulators.Twilio.Phone;

/// <summary>
/// Twilio's outbound buffer of one stream: bytes in the order received, played at 8,000 a second, with marks between them. Not for several threads.
/// </summary>
internal sealed class PlaybackBuffer
{
    private readonly Queue<(byte[]? Audio, string? Mark)> _waiting = new();
    private byte[]? _current;
    private int _at;

    /// <summary>Bytes that wait to be played.</summary>
    public int Bytes { get; private set; }

    public void Add(byte[] audio)
    {
        _waiting.Enqueue((audio, null));
        Bytes += audio.Length;
    }

    public void AddMark(string name) => _waiting.Enqueue((null, name));

    /// <summary>Plays so many bytes, silence where there are none.</summary>
    /// <param name="reached">Told of each mark that everything before was played of.</param>
    /// <returns>How many were not silence.</returns>
    public int Play(Span<byte> into, Action<string> reached)
    {
        var played = 0;
        while (true)
        {
            if (_current is { } audio)
            {
                var run = Math.Min(audio.Length - _at, into.Length - played);
                audio.AsSpan(_at, run).CopyTo(into[played..]);
                (_at, played) = (_at + run, played + run);
                if (_at < audio.Length)
                {
                    break;
                }

                _current = null;
            }

            if (!_waiting.TryPeek(out var next) || (next.Audio is not null && played == into.Length))
            {
                break;
            }

            _waiting.Dequeue();
            if (next.Mark is { } mark)
            {
                reached(mark);
            }
            else
            {
                (_current, _at) = (next.Audio, 0);
            }
        }

        into[played..].Fill(0xFF);
        Bytes -= played;
        return played;
    }

    /// <summary>Drops everything. All marks are reached at once, unplayed, as at Twilio.</summary>
    public void Clear(Action<string> reached)
    {
        (_current, _at, Bytes) = (null, 0, 0);
        while (_waiting.TryDequeue(out var next))
        {
            if (next.Mark is { } mark)
            {
                reached(mark);
            }
        }
    }
}
