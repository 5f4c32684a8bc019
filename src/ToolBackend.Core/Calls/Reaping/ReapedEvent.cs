using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ToolBackend.Core.Calls.Events;

namespace ToolBackend.Core.Calls.Reaping;

/// <summary>The event by which a call is given up.</summary>
internal static class ReapedEvent
{
    /// <summary>
    /// Made of what is stored, not of the moment: whoever gives up the same call makes the same event, and the second one adds nothing. It stands at the call's last sign of life,
    /// which is part of its id: a call that was given up, came back on its other side and fell silent again is given up anew.
    /// </summary>
    public static ReportedEvent Of(SilentCall call, string reason, DateTimeOffset now)
    {
        var callRef = call.PlatformRefs is [var first, ..] ? first : call.CallId;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"reaper\n{callRef}\n{reason}\n{call.LastEventAt.UtcTicks}")));
        var facts = new CallFacts { Status = "ended", EndedReason = reason };
        return new ReportedEvent(
            new CallEvent(callRef, new Guid(hash.AsSpan(0, 16), bigEndian: true), CallEventSource.Reaper, "reaped", CallEventKind.Reaped, call.LastEventAt, now, null, facts), Body: null, ControlUrl: null);
    }
}
