using System.Threading.Channels;
using ToolBackend.Voice.Audio;
using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Synthesis.Deepgram;

/// <summary>One utterance at Aura. Its state belongs to the synthesizer, which has one connection for all of them and one lock.</summary>
internal sealed class AuraUtterance(AuraSynthesizer owner, SynthesisOptions options) : ISpeechStream
{
    public SpeechQueue Queue { get; } = new(MuLaw.Bytes(options.Ahead));

    public SpeechWatch Watch { get; } = new(options.FirstByteDeadline, options.StallDeadline);

    /// <summary>Text that waits for the utterance before.</summary>
    public List<(string Text, bool Flush)> Waiting { get; } = [];

    public bool HasSent { get; set; }

    public bool IsUnflushed { get; set; }

    /// <summary>Flushes that are not answered yet; each with the number of those that were joined to it.</summary>
    public Queue<int> Owed { get; } = new();

    /// <summary>Flushes that were asked for and wait for the next one.</summary>
    public int Joined { get; set; }

    public bool IsComplete { get; set; }

    public bool IsWatchedToItsEnd { get; set; }

    public bool HasEnded { get; private set; }

    public ChannelReader<SpeechAudio> Audio => Queue;

    public void Write(string text, bool flush) => owner.Write(this, text, flush);

    public void Complete() => owner.Complete(this);

    public ValueTask DisposeAsync()
    {
        owner.Cancel(this);
        return ValueTask.CompletedTask;
    }

    public void End(ProviderException? fault)
    {
        HasEnded = true;
        Queue.Complete(fault);
    }
}
