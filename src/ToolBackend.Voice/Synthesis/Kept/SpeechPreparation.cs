using Microsoft.Extensions.Options;
using ToolBackend.Core.Caching;
using ToolBackend.Voice.Hosting;
using ToolBackend.Voice.Recording;
using ToolBackend.Voice.Sessions;

namespace ToolBackend.Voice.Synthesis.Kept;

/// <summary>
/// Has the fixed sentences of all assistants that take calls ready before a call needs them: from Redis when any replica has made them, else from the vendor. Behind the start, a few at once; what cannot
/// be had now is tried again later, and calls synthesise it meanwhile as they need it.
/// </summary>
internal sealed partial class SpeechPreparation(
    Assistants assistants, CallRecordings recordings, CallProviders providers, SpeechCache cache, RedisGate redis, IOptions<SpeechCacheOptions> options, TimeProvider time, ILogger<SpeechPreparation> logger) : BackgroundService
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    /// <summary>For the connection to Redis at start; without one everything is asked from the vendor.</summary>
    private static readonly TimeSpan s_redis = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_firstWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(5);

    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when every sentence was tried once.</summary>
    public Task Tried => _tried.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Yield(); // the start goes on
            if (options.Value.PrepareAtStart)
            {
                await PrepareAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped before everything was ready.
        }
        finally
        {
            _tried.TrySetResult();
        }
    }

    private async Task PrepareAsync(CancellationToken stopping)
    {
        var started = time.GetTimestamp();
        while (redis is { IsConfigured: true, IsConnected: false } && time.GetElapsedTime(started) < s_redis)
        {
            await Task.Delay(s_look, time, stopping).ConfigureAwait(false);
        }

        var wanted = Wanted();
        var all = wanted.Count;
        for (var wait = s_firstWait; ; wait = wait * 2 < s_longestWait ? wait * 2 : s_longestWait)
        {
            var round = new PreparationRound(cache, options.Value.PrepareAtOnce, time, stopping);
            wanted = await round.RunAsync(wanted).ConfigureAwait(false);
            _tried.TrySetResult();
            if (wanted.Count == 0)
            {
                LogReady(all, (long)time.GetElapsedTime(started).TotalMilliseconds);
                return;
            }

            LogMissing(wanted.Count, all, round.Fault, wait.TotalSeconds);
            await Task.Delay(wait, time, stopping).ConfigureAwait(false);
        }
    }

    /// <summary>By the voice that an assistant's calls begin with. In the order of need: every greeting before any apology.</summary>
    private List<FixedSentence> Wanted() =>
    [
        .. assistants.InUse.SelectMany(a => providers.Voices(a) is [var voice, ..] ? FixedSentences.Of(a, recordings.ConsentOf(a)).Select((text, at) => (at, sentence: new FixedSentence(voice, text))) : [])
            .OrderBy(s => s.at).Select(s => s.sentence).DistinctBy(s => SpeechKey.Of(s.Voice, s.Text), StringComparer.Ordinal),
    ];

    [LoggerMessage(3641, LogLevel.Information, "All {Sentences} fixed sentences are ready after {Milliseconds} ms")]
    private partial void LogReady(int sentences, long milliseconds);

    [LoggerMessage(3642, LogLevel.Warning, "{Missing} of {Sentences} fixed sentences could not be made beforehand ({Fault}); they are tried again in {Seconds} s, and made in calls until then")]
    private partial void LogMissing(int missing, int sentences, string fault, double seconds);
}
