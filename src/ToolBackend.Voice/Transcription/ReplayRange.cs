using ToolBackend.Voice.Audio;

namespace ToolBackend.Voice.Transcription;

/// <summary>
/// Which audio a new connection is given again. Pure; positions are bytes of the call's audio. What belongs to a turn that is over is never given again; a turn that is under way is given whole
/// where the ring reaches so far.
/// </summary>
internal sealed class ReplayRange
{
    /// <summary>Vendors report the begin of speech after they heard some of it.</summary>
    private static readonly int s_beforeTurn = MuLaw.Bytes(TimeSpan.FromSeconds(1.5));

    private long _over;
    private long _turn = -1;

    /// <summary>Whether a turn is under way.</summary>
    public bool InTurn => _turn >= 0;

    /// <param name="position">How far the vendor had listened.</param>
    public void Heard(TranscriptKind kind, long position)
    {
        if (kind is TranscriptKind.Over or TranscriptKind.Paused)
        {
            (_over, _turn) = (Math.Max(_over, position), -1);
        }
        else if (_turn < 0)
        {
            _turn = Math.Max(_over, position - s_beforeTurn);
        }
    }

    /// <param name="end">Position of the next byte.</param>
    /// <param name="idle">Audio given again while nobody speaks.</param>
    /// <param name="inTurn">At most given again.</param>
    /// <returns>Where the replay begins, and whether that is before the turn under way.</returns>
    public (long Start, bool Whole) From(long end, TimeSpan idle, TimeSpan inTurn)
    {
        var oldest = Math.Max(0, end - MuLaw.Bytes(inTurn));
        return InTurn
            ? (Math.Max(oldest, _turn), _turn >= oldest)
            : (Math.Max(_over, Math.Max(oldest, end - MuLaw.Bytes(idle))), true);
    }
}
