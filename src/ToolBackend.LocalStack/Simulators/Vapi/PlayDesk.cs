using System.Collections.Concurrent;
using ToolBackend.LocalStack.Simulators.Vapi.Calls;

namespace ToolBackend.LocalStack.Simulators.Vapi;

/// <summary>What came of a call that was played from outside.</summary>
/// <param name="State"><c>playing</c>, <c>done</c>, or <c>failed</c> with <paramref name="Error"/>.</param>
/// <param name="Sent">Messages that were sent at least once.</param>
/// <param name="Taken">Messages that the webhook answered with 2xx in the end.</param>
/// <param name="Problems">Answers that Vapi would have tripped over.</param>
public sealed record PlayState(string CallId, string Script, string State, int Sent, int Taken, IReadOnlyList<string> Problems, string? Error);

/// <summary>Owns the calls that are being played in the background, and ends them with the simulator.</summary>
internal sealed class PlayDesk(VapiSimulator simulator, CancellationToken stopping)
{
    /// <summary>Plays at once; one more is refused.</summary>
    public const int MostPlays = 500;

    private const int MostStates = 5000;
    private static readonly TimeSpan s_endDeadline = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Task> _playing = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, PlayState> _states = new(StringComparer.Ordinal);

    public IReadOnlyCollection<PlayState> States => [.. _states.Values];

    public PlayState? Find(string callId) => _states.GetValueOrDefault(callId);

    /// <summary>Begins to play a call; the sender is owned from here on. False: too many are being played, or this very call is.</summary>
    public bool Start(CallScript script, CallSender sender, double speed, DeliveryFaults faults)
    {
        var callId = ScriptedCall.Of(script, simulator.Time.GetUtcNow()).Id;
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var play = PlayAsync(callId, script, sender, speed, faults, begin.Task);
        if (_playing.Count >= MostPlays || !_playing.TryAdd(callId, play))
        {
            begin.SetCanceled(stopping);
            return false;
        }

        if (_states.Count < MostStates || _states.ContainsKey(callId))
        {
            _states[callId] = new PlayState(callId, script.Name, "playing", 0, 0, [], null);
        }

        begin.SetResult();
        return true;
    }

    public Task WhenDoneAsync(string callId) => _playing.GetValueOrDefault(callId) ?? Task.CompletedTask;

    public Task WhenIdleAsync() => Task.WhenAll(_playing.Values).WaitAsync(s_endDeadline, CancellationToken.None);

    private async Task PlayAsync(string callId, CallScript script, CallSender sender, double speed, DeliveryFaults faults, Task begin)
    {
        using (sender)
        {
            try
            {
                await begin;
                var played = await sender.PlayAsync(script, speed, faults, stopping);
                var sent = played.Deliveries.Where(delivery => delivery.Attempts.Count > 0).ToArray();
                Note(new PlayState(callId, script.Name, "done", sent.Length, sent.Count(delivery => delivery.IsTaken), played.Problems, null));
            }
            catch (OperationCanceledException)
            {
                Note(new PlayState(callId, script.Name, "failed", 0, 0, [], "stopped"));
            }
            catch (Exception error)
            {
                // The one boundary of a background play: whoever asks for its state reads why.
                Note(new PlayState(callId, script.Name, "failed", 0, 0, [], error.Message));
            }
            finally
            {
                _playing.TryRemove(callId, out _);
            }
        }
    }

    private void Note(PlayState state)
    {
        if (_states.ContainsKey(state.CallId))
        {
            _states[state.CallId] = state;
        }
    }
}
