using System.Text.Json;

namespace ToolBackend.LocalStack.Simulators.Vapi.Calls;

/// <summary>
/// A script laid out in time: everything that happens in the call, whether a message is sent about it or not. What is known at a step is the history up to it.
/// </summary>
internal sealed record CallTimeline(CallScript Script, CallIds Ids, DateTimeOffset StartedAt)
{
    public required IReadOnlyList<TimelineStep> Steps { get; init; }

    public required IReadOnlyList<HistoryEntry> History { get; init; }

    public required IReadOnlyList<PlannedToolCall> ToolCalls { get; init; }

    public required CallEnding Ending { get; init; }

    /// <summary>When the line was open; null when it never was.</summary>
    public required TimeSpan? AnsweredAt { get; init; }

    public required TimeSpan EndedAt { get; init; }

    /// <summary>Milliseconds of each reply's model and voice, and of the whole turn.</summary>
    public required IReadOnlyList<TurnLatency> Latencies { get; init; }

    public required int Interruptions { get; init; }

    public static CallTimeline Of(CallScript script, DateTimeOffset startedAt)
    {
        var ids = new CallIds(script);
        var natural = new TimelineBuilder(script, ids, scale: 1).Build(startedAt);
        return script.Length is { } length && natural.EndedAt > TimeSpan.Zero
            ? new TimelineBuilder(script, ids, length / natural.EndedAt).Build(startedAt)
            : natural;
    }

    /// <summary>The same call up to <paramref name="step"/> (exclusive), ended there for another reason.</summary>
    public CallTimeline EndBefore(int step, CallEnding ending, TimeSpan at) => new TimelineBuilder(this, step, at).End(ending, StartedAt);

    public long UnixMilliseconds(TimeSpan at) => (StartedAt + at).ToUnixTimeMilliseconds();
}

/// <summary>What happens at a moment, and the message that is sent about it.</summary>
/// <param name="At">Since the call's first step.</param>
/// <param name="Type">As in the message.</param>
/// <param name="IsSent">False when the assistant does not ask for messages of this type.</param>
/// <param name="History">How many entries of the history there are by now.</param>
/// <param name="Status">The call's true status from now on.</param>
/// <param name="Assistant">Who is speaking; null before an assistant is chosen.</param>
/// <param name="Write">Writes the message's own members.</param>
internal sealed record TimelineStep(
    int Index, TimeSpan At, string Type, bool IsSent, int History, string Status, ScriptedAssistant? Assistant, Action<Utf8JsonWriter, StepContext> Write)
{
    /// <summary>Tool calls that this message asks to have done.</summary>
    public IReadOnlyList<PlannedToolCall> Asks { get; init; } = [];
}

internal sealed record TurnLatency(int Model, int Voice, int Transcriber, int Endpointing)
{
    public int Turn => Model + Voice + Transcriber + Endpointing;
}

/// <summary>What a step's message is written from.</summary>
internal sealed record StepContext(CallTimeline Timeline, TimelineStep Step, CallParts Parts, HistoryWriter History, CallKnowledge Knowledge);
