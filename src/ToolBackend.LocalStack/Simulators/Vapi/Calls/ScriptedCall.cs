using System.Text.Json;
using System.Text.Json.Nodes;

namespace ToolBackend.LocalStack.Simulators.Vapi.Calls;

/// <summary>One message of a scripted call.</summary>
/// <param name="Step">Its place in the call, counting what is not sent as well.</param>
/// <param name="Type">As in <c>message.type</c>.</param>
/// <param name="At">Since the call's first step.</param>
/// <param name="Body">The whole body, <c>{"message": …}</c>.</param>
public sealed record ScriptedMessage(int Step, string Type, TimeSpan At, byte[] Body)
{
    /// <summary>Vapi waits for the answer.</summary>
    public bool NeedsAnswer => ServerMessageTypes.NeedAnswer.Contains(Type);
}

/// <summary>A script with a time of start: its messages, and the call object as <c>GET /call/{id}</c> tells it at any moment.</summary>
public sealed class ScriptedCall
{
    /// <summary>What the control URL begins with when no simulator serves it.</summary>
    public const string NoControl = "https://cell-1.example.com";

    private readonly Lock _gate = new();
    private readonly CallParts _parts;
    private readonly CallKnowledge _knowledge = new();
    private CallTimeline _timeline;

    private ScriptedCall(CallScript script, DateTimeOffset startedAt, string controlBase)
    {
        _timeline = CallTimeline.Of(script, startedAt);
        _parts = new CallParts(script, _timeline.Ids, startedAt, controlBase);
    }

    public CallScript Script => _timeline.Script;

    public string Id => _timeline.Ids.Call;

    public string CallSid => _timeline.Ids.CallSid;

    public DateTimeOffset StartedAt => _timeline.StartedAt;

    /// <summary>From the first step to the last, report included.</summary>
    public TimeSpan Length => _timeline.Steps[^1].At;

    /// <summary>What the call ends with, as it stands now.</summary>
    public string EndedReason => _timeline.Ending.Reason;

    internal IReadOnlyList<TimelineStep> Steps => _timeline.Steps;

    /// <param name="script">What happens.</param>
    /// <param name="startedAt">Time of the first step; all times in the messages follow from it.</param>
    /// <param name="controlBase">Address that control and listen URLs begin with, without a slash at the end.</param>
    public static ScriptedCall Of(CallScript script, DateTimeOffset startedAt, string controlBase = NoControl) => new(script, startedAt, controlBase);

    /// <summary>All messages that are sent, in order. Tool calls have the script's results in them.</summary>
    public IReadOnlyList<ScriptedMessage> Messages => [.. _timeline.Steps.Where(step => step.IsSent).Select(Message)];

    /// <summary>The call object when all of the script has happened.</summary>
    public JsonObject FinalState() => StateAfter(_timeline.Steps.Count - 1, StartedAt + Length);

    internal ScriptedMessage Message(TimelineStep step)
    {
        lock (_gate)
        {
            return new ScriptedMessage(step.Index, step.Type, step.At, CallParts.Write(json => WriteMessage_NeedsLock(json, Context_NeedsLock(step))));
        }
    }

    /// <summary>Takes in how the outside answered; it is in the history of all later messages.</summary>
    internal void Learn(Action<CallKnowledge> what)
    {
        lock (_gate)
        {
            what(_knowledge);
        }
    }

    /// <summary>Ends the call before one of its steps, and not before <paramref name="at"/>.</summary>
    internal void EndBefore(int step, CallEnding ending, TimeSpan at)
    {
        lock (_gate)
        {
            _timeline = _timeline.EndBefore(step, ending, at);
        }
    }

    /// <summary>The call object after one step; -1 before the first.</summary>
    internal JsonObject StateAfter(int step, DateTimeOffset updatedAt)
    {
        lock (_gate)
        {
            var reached = _timeline.Steps[Math.Max(0, step)];
            var bytes = CallParts.Write(json => WriteState_NeedsLock(json, Context_NeedsLock(reached), updatedAt));
            return JsonNode.Parse(bytes)!.AsObject();
        }
    }

    private StepContext Context_NeedsLock(TimelineStep step) => new(_timeline, step, _parts, new HistoryWriter(_timeline, _parts, _knowledge), _knowledge);

    private void WriteMessage_NeedsLock(Utf8JsonWriter json, StepContext context)
    {
        json.WriteStartObject();
        json.WriteStartObject("message");
        json.WriteNumber("timestamp", _timeline.UnixMilliseconds(context.Step.At));
        json.WriteString("type", context.Step.Type);
        context.Step.Write(json, context);
        if (context.Step.Type != "end-of-call-report")
        {
            ReportWriter.WriteArtifact(json, context, isReport: false);
        }

        WriteRaw(json, "call", _parts.StaleCall);
        WriteRaw(json, "phoneNumber", _parts.PhoneNumber);
        WriteRaw(json, "customer", _parts.Customer);
        WriteRaw(json, "assistant", context.Step.Assistant is { } assistant ? _parts.Assistant(assistant) : null);
        json.WriteNull("assistantVersion");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteState_NeedsLock(Utf8JsonWriter json, StepContext context, DateTimeOffset updatedAt)
    {
        json.WriteStartObject();
        _parts.WriteIdentity(json);
        json.WriteString("createdAt", Times.Iso(StartedAt));
        json.WriteString("updatedAt", Times.Iso(updatedAt));
        json.WriteString("status", context.Step.Status);
        _parts.WriteMonitor(json);
        var isReported = context.Step.Index >= _timeline.Steps.First(step => step.Type == "end-of-call-report").Index;
        if (context.Step.Status == "ended")
        {
            json.WriteString("endedReason", _timeline.Ending.Reason);
            ReportWriter.WriteTimes(json, _timeline);
        }
        else if (_timeline.AnsweredAt is { } answered && answered <= context.Step.At)
        {
            json.WriteString("startedAt", Times.Iso(StartedAt + answered));
        }

        if (Script.Turns.OfType<Transfers>().LastOrDefault() is { } transfer && _timeline.Steps.Take(context.Step.Index + 1).Any(step => step.Status == "forwarding"))
        {
            CallSteps.Destination(json, _knowledge.Destination ?? transfer.Number);
        }

        if (isReported)
        {
            ReportWriter.WriteOutcome(json, context);
        }

        context.History.WriteMessages(json, "messages", context.Step.History);
        ReportWriter.WriteArtifact(json, context, isReported);
        json.WriteEndObject();
    }

    private static void WriteRaw(Utf8JsonWriter json, string name, byte[]? value)
    {
        if (value is not null)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(value, skipInputValidation: true);
        }
    }
}
