using ToolBackend.Voice.Audio;

namespace ToolBackend.Voice.Transcription;

/// <summary>
/// For vendors that refuse audio faster than real time: how long the next piece has to wait, and whether it may be left out because it is silent and we are behind. What was late is caught
/// up in the caller's pauses; a word is never dropped.
/// </summary>
internal sealed class SendingPace(TimeProvider time)
{
    /// <summary>How far sending may be ahead of the clock: frames of the telephone come in bunches.</summary>
    private static readonly TimeSpan s_slack = TimeSpan.FromMilliseconds(200);

    /// <summary>This much may wait before silence is left out.</summary>
    private static readonly int s_late = MuLaw.Bytes(TimeSpan.FromMilliseconds(300));

    /// <summary>Of a silence this much is sent: what follows it must not be glued to what came before.</summary>
    private static readonly int s_keptSilence = MuLaw.Bytes(TimeSpan.FromMilliseconds(120));

    private const int QuietLevel = 150;

    private long _startedAt;
    private long _sent;
    private int _silent;

    /// <summary>Zero: it may go now.</summary>
    public TimeSpan WaitBefore()
    {
        if (_sent == 0)
        {
            return TimeSpan.Zero;
        }

        var ahead = MuLaw.Duration(_sent) - time.GetElapsedTime(_startedAt) - s_slack;
        return ahead > TimeSpan.Zero ? ahead : TimeSpan.Zero;
    }

    public void Sent(int bytes)
    {
        if (_sent == 0)
        {
            _startedAt = time.GetTimestamp();
        }

        _sent += bytes;
    }

    /// <param name="waiting">Bytes that wait behind it.</param>
    public bool LeaveOut(ReadOnlySpan<byte> piece, int waiting)
    {
        _silent = MuLaw.MeanLevel(piece) < QuietLevel ? _silent + piece.Length : 0;
        return waiting > s_late && _silent > s_keptSilence;
    }
}
