using ToolBackend.Voice.Transcription;

namespace ToolBackend.Voice.Turns;

/// <summary>Something that happened to a call.</summary>
public abstract record TurnEvent
{
    private TurnEvent()
    {
    }

    /// <summary>Audio flows in both directions.</summary>
    public sealed record Started : TurnEvent;

    /// <summary>What the transcriber says.</summary>
    /// <param name="Text">All words of the turn so far.</param>
    public sealed record Speech(TranscriptKind Kind, string Text, double Confidence = 1) : TurnEvent;

    /// <summary>A key was pressed: 0-9, *, #.</summary>
    public sealed record Key(char Digit) : TurnEvent;

    /// <summary>The first audio of a reply left for the caller.</summary>
    public sealed record ReplyAudible(int Generation) : TurnEvent;

    /// <summary>A reply is alive though nothing is heard of it: it waits for a tool. It has its time anew.</summary>
    public sealed record ReplyWorking(int Generation) : TurnEvent;

    /// <summary>All of a reply was played, or it had nothing to say.</summary>
    /// <param name="Said">Its text.</param>
    public sealed record ReplyFinished(int Generation, string Said) : TurnEvent;

    /// <summary>No provider could give a reply. One that broke off after something was heard of it is finished instead.</summary>
    public sealed record ReplyFailed(int Generation) : TurnEvent;

    /// <summary>A tool or the end of a phrase wants the call to end, after what is being said.</summary>
    /// <param name="Reason">As in the call log, such as <c>assistant-ended-call</c>.</param>
    /// <param name="Farewell">Said before; null for nothing.</param>
    public sealed record EndWanted(string Reason, string? Farewell) : TurnEvent;

    /// <summary>The caller is gone, or the connection.</summary>
    public sealed record HungUp(string Reason) : TurnEvent;

    /// <summary>Time has passed: <see cref="TurnState.NextDeadline"/> was reached.</summary>
    public sealed record Tick : TurnEvent;
}
