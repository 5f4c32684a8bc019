namespace ToolBackend.Voice.Turns;

/// <summary>What a reply is for.</summary>
public enum ReplyKind
{
    /// <summary>The first message.</summary>
    Greeting,

    /// <summary>The model's answer to the conversation so far.</summary>
    Answer,

    /// <summary>Said because the caller is silent.</summary>
    SilencePrompt,

    /// <summary>Said because no answer could be made.</summary>
    Apology,

    /// <summary>The last words.</summary>
    Farewell,
}

/// <summary>Something to be done. The session does them in order.</summary>
public abstract record TurnEffect
{
    private TurnEffect()
    {
    }

    /// <summary>The caller's turn is over: into the history.</summary>
    public sealed record CommitTurn(string Text) : TurnEffect;

    /// <summary>Begin a reply. Nothing older is ever audible again.</summary>
    /// <param name="Text">What to say; null: the model answers.</param>
    /// <param name="SpeculativeTurn">The turn that it supposes. Not audible, and without side effects, until <see cref="ConfirmReply"/>. Null: audible at once.</param>
    /// <param name="NotBefore">Not audible earlier.</param>
    public sealed record StartReply(int Generation, ReplyKind Kind, string? Text, string? SpeculativeTurn, TimeSpan NotBefore) : TurnEffect;

    /// <summary>The turn was as supposed: the reply may be heard.</summary>
    public sealed record ConfirmReply(int Generation, TimeSpan NotBefore) : TurnEffect;

    /// <summary>Throw away a reply that nobody has heard anything of. Writes that it began finish.</summary>
    public sealed record DiscardReply(int Generation) : TurnEffect;

    /// <summary>Silence at once, but keep the rest: it may have been no interruption.</summary>
    public sealed record HoldReply(int Generation) : TurnEffect;

    /// <summary>It was none: go on where the caller stopped hearing.</summary>
    public sealed record ResumeReply(int Generation) : TurnEffect;

    /// <summary>Silence at once; the history keeps what was heard. Writes that it began finish.</summary>
    public sealed record InterruptReply(int Generation) : TurnEffect;

    /// <summary>End the call.</summary>
    /// <param name="CallerIsGone">Nothing is left to hang up.</param>
    public sealed record EndCall(string Reason, bool CallerIsGone) : TurnEffect;
}
