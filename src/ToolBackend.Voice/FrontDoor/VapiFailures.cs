using ToolBackend.Core.Resilience.Health;

namespace ToolBackend.Voice.FrontDoor;

/// <summary>Calls that speak against Vapi's health, each once, however many ways it is noticed in: its stream broke, it was mute, its end was told.</summary>
internal sealed class VapiFailures(HealthBoard health)
{
    /// <summary>Beyond that the oldest may be counted again.</summary>
    private const int MostRemembered = 2000;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _counted = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <param name="call">The carrier's id of the call, where it has one, else Vapi's.</param>
    /// <returns>False when it was counted before.</returns>
    public bool Report(string call, HealthCause cause)
    {
        lock (_gate)
        {
            if (!_counted.Add(call))
            {
                return false;
            }

            _order.Enqueue(call);
            while (_order.Count > MostRemembered)
            {
                _counted.Remove(_order.Dequeue());
            }
        }

        health.Report(FrontDesk.Vapi, new HealthEvent.Failed(cause));
        return true;
    }
}
