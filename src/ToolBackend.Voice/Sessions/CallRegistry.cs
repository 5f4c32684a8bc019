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

    /// <summary>A stream that has not come by then never comes: its token has expired.</summary>
    private static readonly TimeSpan s_patience = Twilio.StreamTokens.Lifetime + TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Expected> _expected = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CallSession> _live = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Number, DateTimeOffset At)> _transfers = new(StringComparer.Ordinal);
    private int _seats;

    public int Live => _live.Count;

    /// <summary>Expected and live.</summary>
    public int Taken => Volatile.Read(ref _seats);

    /// <summary>Set when this replica takes no more calls.</summary>
    public bool IsDraining { get; set; }

    /// <summary>Lets a call in, or says no at once. Twilio repeats webhooks: a call that is expected has its seat already.</summary>
    /// <param name="make">Begins to open its connections.</param>
    public bool TryExpect(string callSid, Func<Task<CallPlan>> make)
    {
        if (_expected.ContainsKey(callSid))
        {
            return true;
        }

        if (IsDraining || !TakeSeat())
        {
            return false;
        }

        var expected = new Expected(make(), null);
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
    public bool TryClaim(string callSid, [NotNullWhen(true)] out Task<CallPlan>? plan)
    {
        plan = null;
        if (!_expected.TryRemove(callSid, out var expected))
        {
            return false;
        }

        expected.Timer?.Dispose();
        plan = expected.Plan;
        return true;
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

    public void End(string callSid) => _live.TryRemove(callSid, out _);

    /// <summary>Whom the caller is connected to when Twilio asks how the call goes on after its stream.</summary>
    /// <param name="number">E.164; null for nobody.</param>
    public void Transfer(string callSid, string? number)
    {
        var now = time.GetUtcNow();
        foreach (var (old, _) in _transfers.Where(t => now - t.Value.At > s_patience))
        {
            _transfers.TryRemove(old, out _); // asked for by nobody: the caller had hung up
        }

        if (number is not null)
        {
            _transfers[callSid] = (number, now);
        }
    }

    public string? TakeTransfer(string callSid) => _transfers.TryRemove(callSid, out var transfer) ? transfer.Number : null;

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
            if (TryClaim(callSid, out var plan))
            {
                await DisposeAsync(plan);
            }
        }
    }

    private void GiveUp(string callSid)
    {
        if (TryClaim(callSid, out var plan))
        {
            FreeSeat();
            _ = DisposeAsync(plan);
        }
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
        }
    }

    private sealed class Expected(Task<CallPlan> plan, ITimer? timer)
    {
        public Task<CallPlan> Plan { get; } = plan;

        public ITimer? Timer { get; set; } = timer;
    }
}
