using ToolBackend.Voice.Audio;

namespace ToolBackend.Voice.Recording;

/// <summary>
/// Both legs of a call on one time axis: the left channel is what the caller said, the right one what the caller heard. The caller's audio is the clock: it comes without gaps for as long as the line is
/// open. What is sent is placed where it will be played; what was cleared is taken out. Not thread-safe.
/// </summary>
internal sealed class RecordingMix
{
    /// <summary>Samples of a block: one second.</summary>
    public const int Block = MuLaw.BytesPerSecond;

    /// <summary>The block that fills, and what was sent ahead of what is played: at most two seconds and a piece. Stays out of the large object heap.</summary>
    private const int Window = 4 * Block;

    /// <summary>Pieces of one utterance are placed by a clock that is read some milliseconds late or early: within this they follow each other.</summary>
    private static readonly int s_seam = MuLaw.Bytes(TimeSpan.FromMilliseconds(60));

    private readonly byte[] _samples = Enumerable.Repeat(MuLaw.Silence, 2 * Window).ToArray();
    private int _said;
    private int _played;

    /// <summary>Takes the caller's audio.</summary>
    /// <param name="full">Given each block that is full, two bytes a sample; it is used again afterwards.</param>
    public void Say(ReadOnlySpan<byte> audio, Action<ReadOnlyMemory<byte>> full)
    {
        foreach (var sample in audio)
        {
            _samples[2 * _said++] = sample;
            if (_said == Block)
            {
                full(_samples.AsMemory(0, 2 * Block));
                Shift();
            }
        }
    }

    /// <param name="in">From now until it is heard.</param>
    public void Play(ReadOnlySpan<byte> audio, TimeSpan @in)
    {
        var at = _said + MuLaw.Bytes(@in > TimeSpan.Zero ? @in : TimeSpan.Zero);
        if (Math.Abs(at - _played) <= s_seam)
        {
            at = _played;
        }

        for (var i = 0; i < audio.Length && at + i < Window; i++)
        {
            if (at + i >= 0)
            {
                _samples[(2 * (at + i)) + 1] = audio[i];
            }
        }

        _played = Math.Min(at + audio.Length, Window);
    }

    /// <summary>Nothing more is heard of what was sent.</summary>
    public void Clear()
    {
        for (var i = Math.Max(_said, 0); i < _played; i++)
        {
            _samples[(2 * i) + 1] = MuLaw.Silence;
        }

        _played = Math.Min(_played, _said);
    }

    /// <summary>What is not a whole block yet: up to the last that the caller said.</summary>
    public ReadOnlyMemory<byte> Rest() => _samples.AsMemory(0, 2 * _said);

    private void Shift()
    {
        _samples.AsSpan(2 * Block).CopyTo(_samples);
        _samples.AsSpan(2 * (Window - Block)).Fill(MuLaw.Silence);
        _said = 0;
        _played -= Block;
    }
}
