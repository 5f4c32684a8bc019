using System.Diagnostics;
using ToolBackend.Core.Observability;

namespace ToolBackend.Voice.CallLog;

/// <summary>
/// One call as a trace: conversation, in it turns, in them stt, llm, tts and the tools (which the tool runner traces). A turn's span is there from the start of its reply, so that tools find it; its parts
/// are added when they are known. Costs nothing while nobody listens.
/// </summary>
internal sealed class TurnSpans(TimeProvider time, DateTimeOffset startedAt, long started, string callId)
{
    private readonly Activity? _conversation = Telemetry.Spans.StartActivity(Telemetry.Span.Conversation, ActivityKind.Server)?.SetTag(Telemetry.Tag.CallId, callId);

    public void Begin(TurnTimeline turn, string kind)
    {
        if (_conversation is null)
        {
            return;
        }

        // The session goes on under the conversation; only the reply's maker is under the turn.
        var current = Activity.Current;
        turn.Span = Telemetry.Spans.StartActivity(Telemetry.Span.Turn, ActivityKind.Internal, _conversation.Context);
        turn.Span?.SetTag(Telemetry.Tag.Reply, kind);
        Activity.Current = current;
    }

    /// <param name="outcome">heard, interrupted, discarded or failed.</param>
    public void End(TurnTimeline turn, string outcome)
    {
        if (turn.Span is not { } span)
        {
            return;
        }

        var current = Activity.Current;
        if ((turn[Moment.Silent] ?? turn[Moment.EndHeard]) is { } from)
        {
            span.SetStartTime(Wall(from));
        }

        Part(span, Telemetry.Span.Stt, turn[Moment.Silent], turn[Moment.EndHeard]);
        Part(span, Telemetry.Span.Llm, turn[Moment.Asked], turn[Moment.FirstToken]);
        Part(span, Telemetry.Span.Tts, turn[Moment.FirstWords], turn[Moment.FirstAudio]);
        span.SetTag(Telemetry.Tag.Outcome, outcome);
        span.SetEndTime(Wall(turn[Moment.Over] ?? time.GetTimestamp()));
        span.Stop();
        Activity.Current = current;
    }

    public void End(string reason)
    {
        _conversation?.SetTag(Telemetry.Tag.Reason, reason);
        _conversation?.Stop();
    }

    private void Part(Activity turn, string name, long? from, long? to)
    {
        if (from is { } start && to is { } end && end >= start)
        {
            using var part = Telemetry.Spans.StartActivity(name, ActivityKind.Internal, turn.Context, startTime: new DateTimeOffset(Wall(start)));
            part?.SetEndTime(Wall(end));
        }
    }

    private DateTime Wall(long timestamp) => (startedAt + time.GetElapsedTime(started, timestamp)).UtcDateTime;
}
