using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using ToolBackend.Voice.Hosting;

namespace ToolBackend.Voice.Sessions;

/// <summary>
/// The calls of this replica: those whose stream is expected, with connections that are opening, and those that are live. Both count against the cap: a call that was let in is served.
/// </summary>
internal sealed class CallRegistry(IOptions<VoiceOptions> options, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Said to those who are still there when the host must stop.</summary>
    public const string Goodbye = "I'm sorry, I have to end the call now. Please call again in a minute. Goodbye.";

    /// <summary>Reasons of an end that was the connection's, not the call's.</summary>
    public const string StreamLost = "twilio-stream-lost", StreamSilent = "twilio-stream-silent";

    /// <summary>A stream that has not come by then never comes: its token has expired.</summary>
    private static readonly TimeSpan s_patience = Twilio.StreamTokens.Lifetime + TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_remembered = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Expected> _expected = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CallSession> _live = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _over = new(StringComparer.Ordinal);
    private int _seats;

    public int Live => _live.Count;

    /// <summary>Expected and live.</summary>
    public int Taken => Volatile.Read(ref _seats);

    /// <summary>Set when this replica takes no more calls.</summary>
    public bool IsDraining { get; set; }

    /// <summary>Lets a call in, or says no at once. Twilio repeats webhooks: a call that is expected has its seat already.</summary>
    /// <param name="leg">Which stream of the call it will be, from 1. One that still waits for an earlier stream waits in vain: another replica has served that.</param>
    /// <param name="make">Begins to open its connections.</param>
    public bool TryExpect(string callSid, int leg, Func<Task<CallPlan>> make)
    {
        if (_expected.TryGetValue(callSid, out var before))
        {
            if (before.Leg >= leg)
            {
                return true;
            }

            GiveUp(callSid);
        }

        if (IsDraining || !TakeSeat())
        {
            return false;
        }

        var expected = new Expected(leg, make(), null);
        if (!_expected.TryAdd(callSid, expected))
        {
            FreeSeat();
            _ = DisposeAsync(expected.Plan);
            return true;
        }

        expected.Timer = time.CreateTimer(_ => GiveUp(callSid), null, s_patience, Timeout.InfiniteTimeSpan);
        return true;
    }

    /// <summary>The plan of a call whose stream has come, with its seat; false when it was not expected here.</summary>
    /// <param name="leg">Which stream of the call it is. A plan for an earlier one is not for it, and is given up.</param>
    public bool TryClaim(string callSid, int leg, [NotNullWhen(true)] out Task<CallPlan>? plan)
    {
        if (TryTake(callSid, out var expected) && expected.Leg >= leg)
        {
            plan = expected.Plan;
            return true;
        }

        GiveUp(expected);
        plan = null;
        return false;
    }

    /// <summary>A seat for a stream whose webhook another replica answered.</summary>
    public bool TakeSeat()
    {
        if (Interlocked.Increment(ref _seats) <= options.Value.MaxCalls)
        {
            return true;
        }

        Interlocked.Decrement(ref _seats);
        return false;
    }

    public void FreeSeat() => Interlocked.Decrement(ref _seats);

    public void Begin(string callSid, CallSession session) => _live[callSid] = session;

    /// <param name="session">Null when the stream did not come to a conversation. A later stream of the same call may have taken its place.</param>
    public void End(string callSid, CallSession? session)
    {
        if (session is null || !_live.TryRemove(new KeyValuePair<string, CallSession>(callSid, session)) || !IsOver(session))
        {
            return;
        }

        var now = time.GetUtcNow();
        foreach (var (old, _) in _over.Where(o => now - o.Value > s_remembered))
        {
            _over.TryRemove(old, out _);
        }

        _over[callSid] = now;
    }

    /// <summary>Whether a call's conversation came to its end on this replica: Twilio asks for more as soon as its stream closes.</summary>
    public bool HasEnded(string callSid) => _live.TryGetValue(callSid, out var session) ? IsOver(session) : _over.ContainsKey(callSid);

    /// <summary>A stream that broke is not the end of its call: the caller is still on the line when Twilio asks how it goes on.</summary>
    private static bool IsOver(CallSession session) => session.EndReason is not (null or StreamLost or StreamSilent);

    /// <summary>Calls that are still live hear a sentence and end.</summary>
    public void SayGoodbye()
    {
        foreach (var session in _live.Values)
        {
            session.Happen(new Turns.TurnEvent.EndWanted("pipeline-stopped", Goodbye));
        }
    }

    public CallSession? Find(string callSid) => _live.GetValueOrDefault(callSid);

    public async ValueTask DisposeAsync()
    {
        foreach (var callSid in _expected.Keys)
        {
            if (TryTake(callSid, out var expected))
            {
                await DisposeAsync(expected.Plan);
            }
        }
    }

    /// <summary>Closes what was opened for a call that does not come, and frees its seat.</summary>
    public void GiveUp(string callSid) => GiveUp(TryTake(callSid, out var expected) ? expected : null);

    private void GiveUp(Expected? expected)
    {
        if (expected is not null)
        {
            FreeSeat();
            _ = DisposeAsync(expected.Plan);
        }
    }

    private bool TryTake(string callSid, [NotNullWhen(true)] out Expected? expected)
    {
        var isThere = _expected.TryRemove(callSid, out expected);
        expected?.Timer?.Dispose();
        return isThere;
    }

    /// <summary>Closes what was opened for nobody.</summary>
    private static async Task DisposeAsync(Task<CallPlan> making)
    {
        await ((Task)making).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (making.IsCompletedSuccessfully)
        {
            var plan = await making.ConfigureAwait(false);
            await plan.Ears.DisposeAsync().ConfigureAwait(false);
            await plan.Voice.DisposeAsync().ConfigureAwait(false);
            await plan.Warm.DisposeAsync().ConfigureAwait(false);
        }
    }

    private sealed class Expected(int leg, Task<CallPlan> plan, ITimer? timer)
    {
        public int Leg => leg;

        public Task<CallPlan> Plan { get; } = plan;

        public ITimer? Timer { get; set; } = timer;
    }
}
