using System.Collections.Concurrent;

namespace ToolBackend.Core.Calls.Intake;

/// <summary>Calls that this process has an event of. Forgets all of them when it is full, which costs an event per live call.</summary>
public sealed class SeenCalls
{
    public const int Capacity = 50_000;

    private readonly ConcurrentDictionary<string, byte> _seen = new(StringComparer.Ordinal);

    /// <summary>True the first time.</summary>
    public bool Add(string callRef)
    {
        if (_seen.ContainsKey(callRef))
        {
            return false;
        }

        if (_seen.Count >= Capacity)
        {
            _seen.Clear();
        }

        return _seen.TryAdd(callRef, 0);
    }
}
