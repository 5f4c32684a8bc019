using ToolBackend.Voice.Audio;

namespace ToolBackend.Voice.Transcription;

/// <summary>When a vendor that says nothing is taken for deaf.</summary>
/// <param name="After">Of audio, and of time, without a message.</param>
/// <param name="Greeting">The same until the first message; null when the vendor does not greet.</param>
/// <param name="OnlyVoice">The vendor is silent while the caller is: only loud audio counts.</param>
internal sealed record DeafnessRule(TimeSpan After, TimeSpan? Greeting, bool OnlyVoice);

/// <summary>
/// Counts audio against messages. Driven by the audio itself: without audio nothing is expected, and no timer is needed. One thread tells of audio, another of messages; a race between them
/// costs one piece of audio.
/// </summary>
internal sealed class DeafnessWatch(DeafnessRule rule, TimeProvider time)
{
    /// <summary>Mean level above which a piece of audio may hold a voice: well above the noise of a line, well below quiet speech.</summary>
    private const int VoiceLevel = 300;

    private long _since;
    private long _bytes;
    private bool _open;
    private bool _greeted;

    public void Opened(long at)
    {
        Volatile.Write(ref _since, at);
        Volatile.Write(ref _bytes, 0);
        Volatile.Write(ref _open, true);
    }

    public void Message(long at)
    {
        Volatile.Write(ref _greeted, true);
        Volatile.Write(ref _since, at);
        Volatile.Write(ref _bytes, 0);
    }

    /// <summary>Tells of audio on its way to the vendor; true when it is deaf.</summary>
    public bool Audio(ReadOnlySpan<byte> audio)
    {
        if (!Volatile.Read(ref _open) || (rule.OnlyVoice && MuLaw.MeanLevel(audio) < VoiceLevel && (_greeted || rule.Greeting is null)))
        {
            return false;
        }

        var bytes = Interlocked.Add(ref _bytes, audio.Length);
        var limit = !Volatile.Read(ref _greeted) && rule.Greeting is { } greeting ? greeting : rule.After;
        // Half of it must really have come: a pause of the carrier is not the vendor's fault.
        return bytes > MuLaw.Bytes(limit) / 2 && time.GetElapsedTime(Volatile.Read(ref _since)) >= limit;
    }
}
