namespace ToolBackend.Voice.Turns;

/// <summary>How a call ends.</summary>
internal static class Endings
{
    /// <summary>After what is being said, or after a farewell. The first wish counts.</summary>
    public static void Want(Turn turn, string reason, string? farewell)
    {
        if (turn.State.Call is not CallPhase.Live)
        {
            return;
        }

        turn.State = turn.State with { Call = CallPhase.Closing, EndReason = reason, Caller = CallerPhase.Silent, Words = "", BeforePause = "", CommitAt = null, StuckAt = null, Aside = null, Digits = "", KeysAt = null };
        if (farewell is { Length: > 0 })
        {
            Replies.Start(turn, ReplyKind.Farewell, farewell);
        }
        else if (turn.State.Reply is ReplyPhase.None or ReplyPhase.Speculating)
        {
            End(turn, reason, callerIsGone: false);
        }
        else if (turn.State.Reply is ReplyPhase.Held)
        {
            Replies.Resume(turn);
        }
    }

    public static void End(Turn turn, string reason, bool callerIsGone)
    {
        Replies.Drop(turn);
        turn.State = turn.State with { Call = CallPhase.Ended, EndReason = reason };
        turn.Do(new TurnEffect.EndCall(reason, callerIsGone));
    }
}
