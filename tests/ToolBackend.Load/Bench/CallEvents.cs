using System.Globalization;
using ToolBackend.Load.Children;
using ToolBackend.Load.Driver;

namespace ToolBackend.Load.Bench;

/// <summary>Server events of one call after another, as Vapi sends them: two status updates, final transcripts, a report.</summary>
internal sealed class CallEvents(ServerProcess server, WebhookRequests requests, TimeProvider time)
{
    private const int EventsPerCall = 10;
    private const int ReportBytes = 20_000;

    private readonly string _run = Guid.CreateVersion7().ToString("N")[..12];
    private long _begun;

    /// <summary>Every request a new event; calls go on where an earlier workload ended.</summary>
    public Workload Next(int bodyBytes)
    {
        var first = Interlocked.Add(ref _begun, 1_000_000_000) - 1_000_000_000;
        return new Workload(server.Port, n => Event(first + n, bodyBytes), static body => body.SequenceEqual("{}"u8) ? Verdict.AsExpected : Verdict.Wrong);
    }

    private byte[] Event(long n, int bodyBytes)
    {
        var (call, step) = (n / EventsPerCall, (int)(n % EventsPerCall));
        var callId = string.Create(CultureInfo.InvariantCulture, $"bench-{_run}-{call}");
        var caller = string.Create(CultureInfo.InvariantCulture, $"+1500{2_000_000 + (call % 100_000):D7}");
        return step switch
        {
            0 => requests.Event("status-update", [("status", "\"in-progress\"")], callId, caller, bodyBytes),
            EventsPerCall - 2 => requests.Event("status-update", [("status", "\"ended\""), ("endedReason", "\"customer-ended-call\"")], callId, caller, bodyBytes),
            EventsPerCall - 1 => requests.Event("end-of-call-report", Report(), callId, caller, ReportBytes),
            _ => requests.Event("transcript",
                [("role", step % 2 == 0 ? "\"user\"" : "\"assistant\""), ("transcriptType", "\"final\""), ("transcript", $"\"This is sentence {step} of call {call}, about a check-up on Thursday.\"")], callId, caller, bodyBytes),
        };
    }

    private (string, string)[] Report()
    {
        var now = time.GetUtcNow();
        return
        [
            ("endedReason", "\"customer-ended-call\""), ("startedAt", $"\"{now.AddSeconds(-90):yyyy-MM-ddTHH:mm:ss.fffZ}\""), ("endedAt", $"\"{now.AddSeconds(-3):yyyy-MM-ddTHH:mm:ss.fffZ}\""),
            ("cost", "0.12"), ("analysis", """{"summary":"The caller asked for a check-up.","successEvaluation":"true"}"""),
        ];
    }
}
