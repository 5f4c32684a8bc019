namespace ToolBackend.Voice.Playback;

/// <summary>
/// What is played to the caller, and how far. Twilio plays at 8,000 bytes a second whatever it was sent, so audio is sent at most a bounded lead ahead: an interruption throws
/// away almost nothing, and the position is known without asking. One utterance at a time. Pure but for its own state; the session owns it.
/// </summary>
/// <remarks>
/// <code>
/// utterance   |------- played -------|-- sent, in Twilio's buffer --|---- waiting here ----|  more may come
///             0                 Played(now)      at most the lead   Sent                    Total
/// </code>
/// </remarks>
public sealed class Playout(TimeSpan lead)
{
    public const int BytesPerMillisecond = 8;

    /// <summary>The first piece leaves as soon as there is this much of it; later ones are larger, to send fewer messages.</summary>
    private static readonly TimeSpan s_piece = TimeSpan.FromMilliseconds(100);

    private readonly Queue<ReadOnlyMemory<byte>> _kept = new();
    private int _keptFrom;
    private int _sent;
    private int _total;
    private TimeSpan _bufferEnds;

    /// <summary>Bytes of this utterance that have left.</summary>
    public int Sent => _sent;

    /// <summary>Bytes of it that are known so far.</summary>
    public int Total => _total;

    /// <summary>When everything sent will have been played.</summary>
    public TimeSpan BufferEnds => _bufferEnds;

    /// <summary>A new utterance. Twilio's buffer is empty: what was before it was played or cleared.</summary>
    public void Begin()
    {
        _kept.Clear();
        (_keptFrom, _sent, _total) = (0, 0, 0);
    }

    public void Add(ReadOnlyMemory<byte> audio)
    {
        if (!audio.IsEmpty)
        {
            _kept.Enqueue(audio);
            _total += audio.Length;
        }
    }

    /// <summary>Bytes of this utterance that the caller has heard.</summary>
    public int Played(TimeSpan now) => Math.Max(0, _sent - Bytes(_bufferEnds > now ? _bufferEnds - now : TimeSpan.Zero));

    /// <summary>When the next piece may leave; null while there is nothing to send.</summary>
    public TimeSpan? NextAt(TimeSpan now)
    {
        if (_sent >= _total)
        {
            return null;
        }

        var due = _bufferEnds + Time(Math.Min(_total - _sent, Bytes(s_piece))) - lead;
        return due > now ? due : now;
    }

    /// <summary>The next piece to send now; empty when none is due.</summary>
    public ReadOnlyMemory<byte> Take(TimeSpan now)
    {
        if (NextAt(now) is not { } due || due > now)
        {
            return default;
        }

        var ahead = _bufferEnds > now ? _bufferEnds - now : TimeSpan.Zero;
        var room = Math.Max(Bytes(lead - ahead), Bytes(s_piece));
        var piece = At(_sent, Math.Min(room, _total - _sent));
        _sent += piece.Length;
        _bufferEnds = (_bufferEnds > now ? _bufferEnds : now) + Time(piece.Length);
        Release(now);
        return piece;
    }

    /// <summary>Twilio's buffer was cleared: what was not played will be sent again, or never.</summary>
    /// <returns>Bytes that the caller has heard.</returns>
    public int Rewind(TimeSpan now)
    {
        var played = Played(now);
        _sent = Math.Max(played, _keptFrom);
        _bufferEnds = now;
        return played;
    }

    private static int Bytes(TimeSpan time) => (int)(time.Ticks * BytesPerMillisecond / TimeSpan.TicksPerMillisecond);

    private static TimeSpan Time(int bytes) => TimeSpan.FromTicks(bytes * TimeSpan.TicksPerMillisecond / BytesPerMillisecond);

    /// <summary>One run of bytes; not longer than the piece of audio that it stands in.</summary>
    private ReadOnlyMemory<byte> At(int position, int most)
    {
        var from = _keptFrom;
        foreach (var audio in _kept)
        {
            if (position < from + audio.Length)
            {
                var run = audio[(position - from)..];
                return run.Length > most ? run[..most] : run;
            }

            from += audio.Length;
        }

        return default;
    }

    /// <summary>What was played is not needed for a rewind.</summary>
    private void Release(TimeSpan now)
    {
        var played = Played(now);
        while (_kept.TryPeek(out var first) && _keptFrom + first.Length <= played)
        {
            _kept.Dequeue();
            _keptFrom += first.Length;
        }
    }
}
