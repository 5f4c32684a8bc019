using Microsoft.Extensions.Options;
using ToolBackend.Core.Calls.Intake;
using ToolBackend.Core.Calls.Live;
using ToolBackend.Core.Observability;
using ToolBackend.Core.Resilience;
using ToolBackend.Vapi.Calls;
using ToolBackend.Vapi.Messages;

namespace ToolBackend.Api.Webhooks;

/// <summary>
/// Takes what Vapi tells about calls. A message that is only told is acknowledged when it is committed, or not at all; one that asks for something leaves a note, without
/// making the caller wait and without failing the answer.
/// </summary>
public sealed class CallEventIntake(CallEventStore store, LiveFeed feed, SeenCalls seen, IOptions<ContentPolicy> policy, TimeProvider time)
{
    /// <returns>False when the event could not be stored: the answer must be 503, so that Vapi tries again.</returns>
    public async ValueTask<bool> TakeAsync(VapiMessage message, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        if (VapiEventReader.Read(body, message, time.GetUtcNow(), policy.Value) is not { } read)
        {
            return true; // of no call
        }

        if (read.Flaw is not BodyFlaw.None)
        {
            Telemetry.CallEventFlaws.Add(1, new KeyValuePair<string, object?>(Telemetry.Tag.Reason, read.Flaw.ToString()));
        }

        if (read.Live is { } moment)
        {
            feed.Tell(moment);
        }

        if (read.ToStore is not { } reported)
        {
            return true;
        }

        try
        {
            await store.AppendAsync(reported, cancellation);
            seen.Add(reported.Event.CallRef);
            return true;
        }
        catch (UpstreamException)
        {
            return false; // counted and logged by the store
        }
    }

    /// <summary>
    /// Notes that a call exists and asked for something: once per call and process for tool calls, whose own record is the invocation log. Never waits.
    /// </summary>
    public void Note(VapiMessage message)
    {
        if (message.Call?.Id is not { Length: > 0 } id || (!seen.Add(id) && message.Kind is VapiMessageKind.ToolCalls or VapiMessageKind.FunctionCall))
        {
            return;
        }

        if (VapiEventReader.Sighting(message, time.GetUtcNow()) is { } reported)
        {
            store.Offer(reported);
        }
    }
}
