using System.Text.Json.Nodes;

namespace ToolBackend.LocalStack.Simulators.Vapi.Calls;

/// <summary>
/// The calls of the simulated organisation, as its REST API tells them: each is as far as it is, whether its messages arrived or not.
/// </summary>
public sealed class CallBook(TimeProvider time)
{
    /// <summary>Older calls are forgotten beyond it.</summary>
    public const int MostCalls = 50_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _calls = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _calls.Count;
            }
        }
    }

    /// <summary>Calls that have not ended.</summary>
    public int Live
    {
        get
        {
            lock (_gate)
            {
                return _calls.Values.Count(entry => !entry.IsEnded);
            }
        }
    }

    /// <summary>The call object, or null.</summary>
    public JsonObject? Find(string id)
    {
        lock (_gate)
        {
            return _calls.TryGetValue(id, out var entry) ? entry.ToJson() : null;
        }
    }

    /// <summary>Puts a call there as if all of its script had happened and nothing had been sent: for backfill.</summary>
    public ScriptedCall Add(CallScript script, DateTimeOffset startedAt)
    {
        var call = ScriptedCall.Of(script, startedAt);
        Begin(call);
        Reached(call, call.Steps.Count - 1);
        return call;
    }

    public void Clear()
    {
        lock (_gate)
        {
            _calls.Clear();
            _order.Clear();
        }
    }

    internal IReadOnlyList<JsonObject> List(Func<DateTimeOffset, DateTimeOffset, bool> inRange, Func<JsonObject, bool> matches, int limit)
    {
        lock (_gate)
        {
            return [.. _calls.Values.Where(entry => inRange(entry.CreatedAt, entry.UpdatedAt)).OrderByDescending(entry => entry.CreatedAt).Select(entry => entry.ToJson()).Where(matches).Take(limit)];
        }
    }

    /// <summary>A call that was asked for with <c>POST /call</c>; a script may be played under its id later.</summary>
    internal void Create(string id, JsonObject created, DateTimeOffset createdAt)
    {
        lock (_gate)
        {
            Put_NeedsLock(id, new Entry { Created = created, CreatedAt = createdAt, UpdatedAt = createdAt });
        }
    }

    internal bool Update(string id, Action<JsonObject> change)
    {
        lock (_gate)
        {
            if (!_calls.TryGetValue(id, out var entry))
            {
                return false;
            }

            entry.Created ??= [];
            change(entry.Created);
            entry.UpdatedAt = Now();
            return true;
        }
    }

    internal bool Delete(string id)
    {
        lock (_gate)
        {
            return _calls.Remove(id);
        }
    }

    internal void Begin(ScriptedCall call)
    {
        lock (_gate)
        {
            if (_calls.TryGetValue(call.Id, out var entry))
            {
                (entry.Call, entry.Reached, entry.UpdatedAt) = (call, -1, Now());
                entry.ForgetRequestedEnd();
                return;
            }

            Put_NeedsLock(call.Id, new Entry { Call = call, CreatedAt = call.StartedAt, UpdatedAt = Now() });
        }
    }

    internal void Reached(ScriptedCall call, int step)
    {
        lock (_gate)
        {
            if (_calls.TryGetValue(call.Id, out var entry) && entry.Call == call && step > entry.Reached)
            {
                (entry.Reached, entry.UpdatedAt) = (step, Now());
            }
        }
    }

    /// <summary>Asks whoever plays the call to end it. False: there is no such call, or it has ended.</summary>
    internal bool RequestEnd(string id, CallEnding ending)
    {
        lock (_gate)
        {
            if (!_calls.TryGetValue(id, out var entry) || entry.IsEnded)
            {
                return false;
            }

            entry.RequestedEnd = ending;
            entry.EndRequested.TrySetResult();
            return true;
        }
    }

    internal Task? WhenEndIsRequested(string id)
    {
        lock (_gate)
        {
            return _calls.GetValueOrDefault(id)?.EndRequested.Task;
        }
    }

    internal CallEnding? TakeRequestedEnd(string id)
    {
        lock (_gate)
        {
            if (!_calls.TryGetValue(id, out var entry))
            {
                return null;
            }

            var ending = entry.RequestedEnd;
            entry.ForgetRequestedEnd();
            return ending;
        }
    }

    internal bool IsLive(string id)
    {
        lock (_gate)
        {
            return _calls.TryGetValue(id, out var entry) && !entry.IsEnded;
        }
    }

    // Vapi shows milliseconds and nothing finer.
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    private void Put_NeedsLock(string id, Entry entry)
    {
        _calls[id] = entry;
        _order.Enqueue(id);
        while (_calls.Count > MostCalls && _order.TryDequeue(out var oldest))
        {
            _calls.Remove(oldest);
        }
    }

    private sealed class Entry
    {
        public ScriptedCall? Call { get; set; }

        /// <summary>What was asked for when the call was created, and what was changed of it since.</summary>
        public JsonObject? Created { get; set; }

        public int Reached { get; set; } = -1;

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset UpdatedAt { get; set; }

        public CallEnding? RequestedEnd { get; set; }

        public TaskCompletionSource EndRequested { get; private set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void ForgetRequestedEnd()
        {
            RequestedEnd = null;
            EndRequested = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        public bool IsEnded => Call is { } call ? Reached >= 0 && call.Steps[Math.Min(Reached, call.Steps.Count - 1)].Status == "ended" : Created?["status"]?.GetValue<string>() == "ended";

        public JsonObject ToJson()
        {
            var state = Call?.StateAfter(Math.Min(Reached, Call.Steps.Count - 1), UpdatedAt) ?? [];
            foreach (var (name, value) in Created ?? [])
            {
                if (!state.ContainsKey(name) || name == "name")
                {
                    state[name] = value?.DeepClone();
                }
            }

            state["createdAt"] = Times.Iso(CreatedAt);
            state["updatedAt"] = Times.Iso(UpdatedAt);
            return state;
        }
    }
}
