using Microsoft.Extensions.Options;
using ToolBackend.Voice.Sessions;

namespace ToolBackend.Voice.CallLog;

/// <summary>Makes the reporter of each call.</summary>
internal sealed class CallReporters(CallLogWriter log, IOptions<RateOptions> rates, TimeProvider time, ILogger<CallReporter> logger)
{
    /// <param name="plan">Its call's id is the carrier's.</param>
    public CallReporter For(CallPlan plan)
    {
        var assistant = plan.Assistant;
        log.Expect();
        var header = new CallHeader(plan.Call.CallId, plan.Call.Caller?.E164, plan.Call.Line?.E164, assistant.Name, assistant.MaxDuration) { Leg = plan.Leg, IsOutbound = plan.IsOutbound };
        return new CallReporter(new CallFile(header, assistant.TranscriptEnabled, assistant.Transcriber?.Provider, assistant.Voice?.Provider), log.Post, log.Settle, rates.Value, time, logger);
    }
}
