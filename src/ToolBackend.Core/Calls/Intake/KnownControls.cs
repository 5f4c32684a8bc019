using System.Collections.Concurrent;

namespace ToolBackend.Core.Calls.Intake;

/// <summary>Control addresses that this process has stored. Every message of a call repeats its address; one write per call is enough.</summary>
public sealed class KnownControls
{
    public const int Capacity = 50_000;

    private readonly ConcurrentDictionary<string, int> _known = new(StringComparer.Ordinal);

    public bool IsKnown(string callRef, string url) => _known.TryGetValue(callRef, out var hash) && hash == string.GetHashCode(url, StringComparison.Ordinal);

    /// <summary>Remembers; when full it forgets everything, which costs a write per live call.</summary>
    public void Add(string callRef, string url)
    {
        if (_known.Count >= Capacity)
        {
            _known.Clear();
        }

        _known[callRef] = string.GetHashCode(url, StringComparison.Ordinal);
    }
}
