using System.Threading.Channels;
using ToolBackend.Voice.Audio;
using ToolBackend.Voice.Transcription;

namespace ToolBackend.Voice.Tests.Transcription;

/// <summary>Feeds a transcriber and reads what it says.</summary>
internal static class Feed
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>20 ms frames at the telephone's pace until cancelled.</summary>
    public static async Task FramesAsync(ITranscriber transcriber, CancellationToken until, byte sample = 0x80)
    {
        var frame = new byte[160];
        frame.AsSpan().Fill(sample);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!until.IsCancellationRequested)
        {
            transcriber.Write(frame);
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>So much audio at once.</summary>
    public static void Silence(ITranscriber transcriber, TimeSpan duration)
    {
        var frame = new byte[160];
        frame.AsSpan().Fill(MuLaw.Silence);
        for (var sent = 0; sent < MuLaw.Bytes(duration); sent += frame.Length)
        {
            transcriber.Write(frame);
        }
    }

    public static async Task<TranscriptEvent> NextAsync(ChannelReader<TranscriptEvent> events) => await events.ReadAsync().AsTask().WaitAsync(s_patience);

    /// <summary>Up to and with the first of the kind.</summary>
    public static async Task<List<TranscriptEvent>> UntilAsync(ChannelReader<TranscriptEvent> events, TranscriptKind kind)
    {
        var all = new List<TranscriptEvent>();
        do
        {
            all.Add(await NextAsync(events));
        }
        while (all[^1].Kind != kind);

        return all;
    }

    public static async Task<List<TranscriptEvent>> AllAsync(ChannelReader<TranscriptEvent> events)
    {
        var all = new List<TranscriptEvent>();
        using var limit = new CancellationTokenSource(s_patience);
        await foreach (var item in events.ReadAllAsync(limit.Token))
        {
            all.Add(item);
        }

        return all;
    }
}
