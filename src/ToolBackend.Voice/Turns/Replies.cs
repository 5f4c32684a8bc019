namespace ToolBackend.Voice.Turns;

/// <summary>What becomes of our replies.</summary>
internal static class Replies
{
    /// <summary>Failures in a row after which the call is given up.</summary>
    private const int MostFailures = 3;

    /// <summary>Something to be heard as soon as there is audio. What was being made or said before is not.</summary>
    public static void Start(Turn turn, ReplyKind kind, string? text)
    {
        Drop(turn);
        Begin(turn, kind, text, supposed: null, ReplyPhase.Preparing);
    }

    /// <summary>An answer to a turn that is not over yet.</summary>
    public static void Speculate(Turn turn, string words) => Begin(turn, ReplyKind.Answer, null, words, ReplyPhase.Speculating);

    /// <summary>The turn is over: the reply that supposed it may be heard, or one is begun.</summary>
    public static void Answer(Turn turn, string words)
    {
        if (turn.State.Reply is ReplyPhase.Speculating && Interruption.SameWords(turn.State.Supposed!, words))
        {
            turn.State = turn.State with { Reply = ReplyPhase.Preparing, Supposed = null, ReplyBy = turn.Now + turn.Settings.ReplyDeadline };
            turn.Do(new TurnEffect.ConfirmReply(turn.State.Generation, turn.State.NotBefore));
            return;
        }

        Start(turn, ReplyKind.Answer, null);
    }

    public static void BecomeAudible(Turn turn)
    {
        if (turn.State.Reply is ReplyPhase.Preparing)
        {
            turn.State = turn.State with { Reply = ReplyPhase.Speaking, Failures = turn.State.Kind is ReplyKind.Answer ? 0 : turn.State.Failures, ReplyBy = turn.Now + turn.Settings.LongestReply };
        }
    }

    public static void KeepWaiting(Turn turn)
    {
        if (turn.State.Reply is ReplyPhase.Preparing)
        {
            turn.State = turn.State with { ReplyBy = turn.Now + turn.Settings.ReplyDeadline };
        }
    }

    public static void Finish(Turn turn, string said)
    {
        var state = turn.State;
        if (state.Reply is ReplyPhase.Speculating)
        {
            return; // a speculative reply with nothing to say is confirmed like any other
        }

        turn.State = state with { Reply = ReplyPhase.None, ReplyBy = null, HoldUntil = null, InterruptAt = null, LastSaid = said };
        if (state.EndReason is { } reason)
        {
            Endings.End(turn, reason, callerIsGone: false);
            return;
        }

        if (state.Aside is { IsBackChannel: true } aside && turn.Now - aside.At > turn.Settings.EarlyAnswer)
        {
            turn.State = turn.State with { Aside = null };
        }

        if (turn.State is { Aside: not null, Caller: CallerPhase.Silent })
        {
            CallerTurns.Commit(turn, "");
        }
        else
        {
            FallSilent(turn);
        }
    }

    /// <summary>Time is up for the newest reply.</summary>
    public static void Expire(Turn turn)
    {
        if (turn.State.Reply is not (ReplyPhase.Speaking or ReplyPhase.Held))
        {
            Fail(turn);
            return;
        }

        Drop(turn);
        if (turn.State.EndReason is { } reason)
        {
            Endings.End(turn, reason, callerIsGone: false);
        }
        else
        {
            FallSilent(turn);
        }
    }

    public static void Fail(Turn turn)
    {
        if (turn.State.Reply is ReplyPhase.Speculating)
        {
            // Nobody waits for it yet: when the turn is confirmed another one is begun.
            Drop(turn);
            return;
        }

        var failures = turn.State.Failures + 1;
        var kind = turn.State.Kind;
        turn.State = turn.State with { Failures = failures };
        if (turn.State.EndReason is { } reason)
        {
            Drop(turn);
            Endings.End(turn, reason, callerIsGone: false);
        }
        else if (failures >= MostFailures || kind is ReplyKind.Apology)
        {
            Endings.Want(turn, "pipeline-error", turn.Settings.GivingUp);
        }
        else
        {
            Start(turn, ReplyKind.Apology, turn.Settings.Apology);
        }
    }

    /// <summary>The caller stopped it.</summary>
    public static void Interrupt(Turn turn)
    {
        turn.Do(new TurnEffect.InterruptReply(turn.State.Generation));
        turn.State = turn.State with { Reply = ReplyPhase.None, ReplyBy = null, HoldUntil = null, InterruptAt = null, Aside = null, NotBefore = turn.Now + turn.Settings.StopSpeaking.Backoff };
    }

    public static void Hold(Turn turn)
    {
        turn.Do(new TurnEffect.HoldReply(turn.State.Generation));
        turn.State = turn.State with { Reply = ReplyPhase.Held, InterruptAt = null, HoldUntil = turn.Now + turn.Settings.FalseInterruption };
    }

    public static void Resume(Turn turn)
    {
        turn.Do(new TurnEffect.ResumeReply(turn.State.Generation));
        turn.State = turn.State with { Reply = ReplyPhase.Speaking, HoldUntil = null };
    }

    /// <summary>Ends what is being made or said, if anything.</summary>
    public static void Drop(Turn turn)
    {
        switch (turn.State.Reply)
        {
            case ReplyPhase.None:
                return;
            case ReplyPhase.Speaking or ReplyPhase.Held:
                turn.Do(new TurnEffect.InterruptReply(turn.State.Generation));
                break;
            default:
                turn.Do(new TurnEffect.DiscardReply(turn.State.Generation));
                break;
        }

        turn.State = turn.State with { Reply = ReplyPhase.None, Supposed = null, ReplyBy = null, HoldUntil = null, InterruptAt = null };
    }

    /// <summary>Nobody speaks, from now on.</summary>
    public static void FallSilent(Turn turn)
    {
        if (turn.State is { Caller: CallerPhase.Silent, Reply: ReplyPhase.None })
        {
            turn.State = turn.State with { SilentSince = turn.State.Kind is ReplyKind.SilencePrompt ? turn.State.SilentSince ?? turn.Now : turn.Now, PromptFrom = turn.Now };
        }
    }

    private static void Begin(Turn turn, ReplyKind kind, string? text, string? supposed, ReplyPhase phase)
    {
        var state = turn.State;
        turn.State = state with
        {
            Generation = state.Generation + 1,
            Kind = kind,
            Reply = phase,
            Supposed = supposed,
            ReplyBy = turn.Now + turn.Settings.ReplyDeadline,
            SilentSince = kind is ReplyKind.SilencePrompt ? state.SilentSince : null,
            PromptFrom = null,
        };
        turn.Do(new TurnEffect.StartReply(turn.State.Generation, kind, text, supposed, state.NotBefore));
    }
}
