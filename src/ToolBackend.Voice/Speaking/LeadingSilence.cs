using ToolBackend.Voice.Audio;

namespace ToolBackend.Voice.Speaking;

/// <summary>
/// Takes the near-silence off the begin of an utterance: vendors put 150 to 250 ms there. At most 400 ms are taken and 10 ms are kept, so that a soft first sound stays whole. Pure; one per utterance.
/// </summary>
internal sealed class LeadingSilence
{
    /// <summary>Louder than synthesis' own noise floor, softer than an "h".</summary>
    private const int QuietLevel = 120;

    private static readonly int s_most = MuLaw.Bytes(TimeSpan.FromMilliseconds(400));
    private static readonly int s_kept = MuLaw.Bytes(TimeSpan.FromMilliseconds(10));
    private static readonly int s_step = MuLaw.Bytes(TimeSpan.FromMilliseconds(2));

    private int _taken;
    private bool _spoken;

    /// <summary>Bytes at the begin of this piece that are left out; times of its alignment move by as much. 0 once the voice was heard.</summary>
    public int Trim(ReadOnlySpan<byte> piece)
    {
        if (_spoken || piece.IsEmpty)
        {
            return 0;
        }

        var quiet = 0;
        while (quiet < piece.Length && MuLaw.MeanLevel(piece.Slice(quiet, Math.Min(s_step, piece.Length - quiet))) < QuietLevel)
        {
            quiet += Math.Min(s_step, piece.Length - quiet);
        }

        var left = s_most - _taken;
        _spoken = quiet < piece.Length || quiet >= left;
        // What is kept stands before the voice, which may begin with the next piece.
        var trimmed = Math.Clamp(quiet - s_kept, 0, left);
        _taken += trimmed;
        return trimmed;
    }
}
