using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.Intake;
using ToolBackend.Core.Resilience;
using ToolBackend.Core.Resilience.Health;

namespace ToolBackend.Voice.FrontDoor;

/// <summary>
/// Calls that Vapi took and has told nothing of: one that takes the media socket and stays mute looks well to everybody else. A call whose first event is missing speaks against Vapi's health, once.
/// Calls that ended before are not judged, and none is while the call log cannot be read. The call itself is left alone: Vapi may be talking, and only the news be lost.
/// </summary>
internal sealed partial class FirstEventWatch(CallEventReads events, VapiFailures failures, IOptions<FrontDoorOptions> options, TimeProvider time, ILogger<FirstEventWatch> logger) : BackgroundService
{
    /// <summary>Beyond that further calls are not watched: these are enough to judge by.</summary>
    private const int MostWatched = 1000;

    private static readonly TimeSpan s_beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_readLimit = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Taken> _taken = new(StringComparer.Ordinal);

    /// <summary>Calls that are not judged yet.</summary>
    public int Watched => _taken.Count;

    /// <summary>Vapi has taken a call.</summary>
    /// <param name="callRef">Vapi's id of it.</param>
    public void Expect(string callSid, string callRef)
    {
        if (_taken.Count < MostWatched)
        {
            _taken[callSid] = new Taken(callRef, time.GetUtcNow());
        }
    }

    /// <summary>The call is over, or no longer Vapi's.</summary>
    public void Forget(string callSid) => _taken.TryRemove(callSid, out _);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var beat = new PeriodicTimer(s_beat, time);
        while (await beat.WaitForNextTickAsync(stoppingToken))
        {
            var patience = TimeSpan.FromSeconds(options.Value.FirstEventSeconds);
            foreach (var (callSid, taken) in _taken.Where(t => time.GetUtcNow() - t.Value.At >= patience))
            {
                if (await IsSilentAsync(taken.CallRef, stoppingToken) && _taken.ContainsKey(callSid)) // the caller may have hung up meanwhile
                {
                    LogSilent(options.Value.FirstEventSeconds);
                    failures.Report(callSid, HealthCause.Late);
                }

                Forget(callSid);
            }
        }
    }

    /// <summary>What we wrote down ourselves when the call was made is no word of Vapi's.</summary>
    private async Task<bool> IsSilentAsync(string callRef, CancellationToken cancellation)
    {
        using var limit = new Deadline(s_readLimit, time, cancellation);
        try
        {
            return !(await events.OfAsync(callRef, limit.Token)).Any(e => e.Source is CallEventSource.Vapi);
        }
        catch (Exception e) when (e is UpstreamException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false; // our own store's fault says nothing of Vapi
        }
    }

    private readonly record struct Taken(string CallRef, DateTimeOffset At);

    [LoggerMessage(3631, LogLevel.Warning, "Vapi has told nothing of a call it took {Seconds} s ago: it is mute, or its server messages do not reach the Api host")]
    private partial void LogSilent(int seconds);
}
