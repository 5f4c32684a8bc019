namespace ToolBackend.Voice.Turns;

/// <summary>What is due.</summary>
internal static class Deadlines
{
    public static void Pass(Turn turn)
    {
        // Each of them changes the state so that it is not due again; an end stops all.
        if (IsDue(turn, turn.State.EndBy))
        {
            Endings.End(turn, "exceeded-max-duration", callerIsGone: false);
            return;
        }

        if (IsDue(turn, turn.State.InterruptAt))
        {
            turn.State = turn.State with { InterruptAt = null };
            if (turn.State is { Reply: ReplyPhase.Speaking, Caller: CallerPhase.Speaking })
            {
                Replies.Hold(turn);
            }
        }

        if (IsDue(turn, turn.State.HoldUntil))
        {
            Replies.Resume(turn);
        }

        if (IsDue(turn, turn.State.StuckAt))
        {
            turn.State = turn.State with { StuckAt = null, Caller = CallerPhase.Pausing, CommitAt = turn.Now };
        }

        if (IsDue(turn, turn.State.CommitAt))
        {
            CallerTurns.Due(turn);
        }

        if (IsDue(turn, turn.State.KeysAt))
        {
            Keypad.Take(turn);
        }

        if (IsDue(turn, turn.State.ReplyBy))
        {
            Replies.Expire(turn);
        }

        if (Silence.IsSilent(turn.State) && IsDue(turn, Silence.NextAt(turn.State)))
        {
            BreakSilence(turn);
        }
    }

    private static void BreakSilence(Turn turn)
    {
        var state = turn.State;
        if (turn.Now >= state.SilentSince + turn.Settings.SilenceTimeout)
        {
            Endings.Want(turn, "silence-timed-out", null);
        }
        else if (Silence.Due(state, turn.Now) is { } prompt)
        {
            turn.State = Silence.Count(state, prompt);
            var texts = turn.Settings.SilencePrompts[prompt].Texts;
            Replies.Start(turn, ReplyKind.SilencePrompt, texts[turn.State.PromptsGiven.Sum() % texts.Count]);
        }
    }

    private static bool IsDue(Turn turn, TimeSpan? at) => turn.State.Call is not CallPhase.Ended && at <= turn.Now;
}
