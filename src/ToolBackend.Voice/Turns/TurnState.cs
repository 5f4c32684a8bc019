namespace ToolBackend.Voice.Turns;

public enum CallPhase
{
    Live,

    /// <summary>The last words are being said.</summary>
    Closing,
    Ended,
}

public enum CallerPhase
{
    Silent,
    Speaking,

    /// <summary>Said something and paused; the turn is over at <see cref="TurnState.CommitAt"/>.</summary>
    Pausing,
}

public enum ReplyPhase
{
    None,

    /// <summary>Being made for a turn that is not confirmed; not audible.</summary>
    Speculating,

    /// <summary>Being made; nothing was heard yet.</summary>
    Preparing,
    Speaking,

    /// <summary>Silenced in the middle, because the caller may be interrupting.</summary>
    Held,
}

/// <summary>Words that a caller said while we spoke.</summary>
/// <param name="IsBackChannel">"Okay": an answer only at the very end of what we said.</param>
public sealed record Aside(string Text, TimeSpan At, bool IsBackChannel);

/// <summary>Where a call is. All times are since its start. A value: <see cref="TurnMachine.Step"/> makes the next one.</summary>
public sealed record TurnState(TurnSettings Settings)
{
    public CallPhase Call { get; init; }

    public CallerPhase Caller { get; init; }

    public ReplyPhase Reply { get; init; }

    /// <summary>Of the newest reply; 0 before the first.</summary>
    public int Generation { get; init; }

    public ReplyKind Kind { get; init; }

    /// <summary>What the newest reply's speculation supposes; null when there is none.</summary>
    public string? Supposed { get; init; }

    /// <summary>The caller's words of this turn so far.</summary>
    public string Words { get; init; } = "";

    /// <summary>Those of them that stand before the last pause: a transcriber that only knows silence begins anew behind it.</summary>
    public string BeforePause { get; init; } = "";

    /// <summary>What the caller said over us without stopping us; null for nothing.</summary>
    public Aside? Aside { get; init; }

    /// <summary>The text of our last finished reply.</summary>
    public string LastSaid { get; init; } = "";

    /// <summary>Keys pressed and not yet taken.</summary>
    public string Digits { get; init; } = "";

    /// <summary>Replies in a row that could not be given.</summary>
    public int Failures { get; init; }

    /// <summary>Silence prompts given, by their place in the settings.</summary>
    public IReadOnlyList<int> PromptsGiven { get; init; } = [];

    /// <summary>Since when the caller is silent and nobody but our prompts is heard; null otherwise.</summary>
    public TimeSpan? SilentSince { get; init; }

    /// <summary>When the last prompt ended, or the silence began: the next prompt counts from here.</summary>
    public TimeSpan? PromptFrom { get; init; }

    /// <summary>Why the call ends after what is being said.</summary>
    public string? EndReason { get; init; }

    /// <summary>The caller's turn is over then.</summary>
    public TimeSpan? CommitAt { get; init; }

    /// <summary>A voice has gone on long enough to be an interruption then.</summary>
    public TimeSpan? InterruptAt { get; init; }

    /// <summary>A held reply goes on then.</summary>
    public TimeSpan? HoldUntil { get; init; }

    /// <summary>The caller's turn is taken as it is when nothing more is heard of it until then.</summary>
    public TimeSpan? StuckAt { get; init; }

    /// <summary>The reply has failed then.</summary>
    public TimeSpan? ReplyBy { get; init; }

    public TimeSpan? KeysAt { get; init; }

    /// <summary>After an interruption we are not heard before this.</summary>
    public TimeSpan NotBefore { get; init; }

    /// <summary>The longest call.</summary>
    public TimeSpan EndBy { get; init; } = TimeSpan.MaxValue;

    /// <summary>When to step with a <see cref="TurnEvent.Tick"/> at the latest; null only when the call has ended.</summary>
    public TimeSpan? NextDeadline => Call is CallPhase.Ended
        ? null
        : Min(Min(Min(CommitAt, InterruptAt), Min(HoldUntil, StuckAt)), Min(Min(ReplyBy, KeysAt), Min(Silence.NextAt(this), EndBy)));

    private static TimeSpan? Min(TimeSpan? a, TimeSpan? b) => a is null ? b : b is null || a < b ? a : b;
}
