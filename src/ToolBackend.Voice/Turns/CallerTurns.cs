using ToolBackend.Voice.Transcription;

namespace ToolBackend.Voice.Turns;

/// <summary>What the caller says, and when it is a turn.</summary>
internal static class CallerTurns
{
    public static void Hear(Turn turn, TurnEvent.Speech speech)
    {
        if (turn.State.Call is not CallPhase.Live)
        {
            return; // we are saying goodbye
        }

        switch (speech.Kind)
        {
            case TranscriptKind.SpeechStarted:
                Begin(turn);
                break;
            case TranscriptKind.Heard:
                GoOn(turn, speech.Text);
                break;
            case TranscriptKind.Resumed:
                DropSpeculation(turn);
                GoOn(turn, speech.Text);
                break;
            case TranscriptKind.LikelyOver:
                GoOn(turn, speech.Text);
                Suppose(turn);
                break;
            case TranscriptKind.Paused:
                Pause(turn, speech);
                break;
            case TranscriptKind.Over:
                EndTurn(turn, speech.Text);
                break;
        }
    }

    /// <summary>The wait after a turn is over, or nothing more was heard of it.</summary>
    public static void Due(Turn turn)
    {
        if (IsAside(turn))
        {
            Withdraw(turn);
        }
        else
        {
            Commit(turn, turn.State.Words);
        }
    }

    /// <summary>The turn is over and these are its words, after those that were said over us.</summary>
    public static void Commit(Turn turn, string words)
    {
        words = turn.State.Aside is { } aside ? $"{aside.Text} {words}".TrimEnd() : words;
        turn.State = Silence.Over(turn.State) with { Caller = CallerPhase.Silent, Words = "", BeforePause = "", CommitAt = null, StuckAt = null, InterruptAt = null, Aside = null };
        if (words.Length == 0)
        {
            DropSpeculation(turn);
            Replies.FallSilent(turn);
            return;
        }

        var isSupposed = turn.State.Reply is ReplyPhase.Speculating && Interruption.SameWords(turn.State.Supposed!, words);
        if (!isSupposed)
        {
            Replies.Drop(turn);
        }

        turn.Do(new TurnEffect.CommitTurn(words));
        Replies.Answer(turn, words);
    }

    private static void Begin(Turn turn)
    {
        var state = turn.State;
        turn.State = Silence.Over(state) with
        {
            Caller = CallerPhase.Speaking,
            CommitAt = null,
            StuckAt = turn.Now + turn.Settings.FalseInterruption,
            InterruptAt = state.Reply is ReplyPhase.Speaking && CanInterrupt(state) && turn.Settings.StopSpeaking.Words == 0 ? turn.Now + turn.Settings.StopSpeaking.Voice : state.InterruptAt,
        };
    }

    /// <summary>Words of the turn so far, which goes on.</summary>
    private static void GoOn(Turn turn, string words)
    {
        if (words.Length == 0)
        {
            return;
        }

        var state = turn.State;
        words = Join(state.BeforePause, words);
        turn.State = Silence.Over(state) with { Caller = CallerPhase.Speaking, Words = words, CommitAt = null, StuckAt = turn.Now + turn.Settings.StuckTurn };
        switch (state.Reply)
        {
            case ReplyPhase.Speculating when !Interruption.SameWords(state.Supposed!, words):
                DropSpeculation(turn);
                break;
            case ReplyPhase.Preparing when state.Kind is ReplyKind.Answer or ReplyKind.SilencePrompt or ReplyKind.Apology && turn.Settings.Interruption.Of(words) is Overlap.Interrupts or Overlap.TooFew:
                // The caller had not finished. Nothing was heard of the answer; the next one answers all of it.
                Replies.Drop(turn);
                break;
            case ReplyPhase.Speaking or ReplyPhase.Held when CanInterrupt(state):
                SpeakOver(turn, words);
                break;
        }
    }

    private static void SpeakOver(Turn turn, string words)
    {
        switch (turn.Settings.Interruption.Of(words))
        {
            case Overlap.Interrupts:
                Replies.Interrupt(turn);
                break;
            case Overlap.BackChannel when turn.State.Reply is ReplyPhase.Held:
                Replies.Resume(turn);
                break;
            case Overlap.BackChannel:
                turn.State = turn.State with { InterruptAt = null };
                break;
        }
    }

    /// <summary>The transcriber heard silence; the definition says for how long it must last.</summary>
    private static void Pause(Turn turn, TurnEvent.Speech speech)
    {
        Settle(turn, speech.Text);
        if (turn.State.Words.Length == 0 || IsAside(turn))
        {
            Withdraw(turn);
            return;
        }

        var wait = Endpointing.AfterPause(turn.Settings.StartSpeaking, turn.State.Words, turn.State.LastSaid);
        turn.State = turn.State with { BeforePause = turn.State.Words };
        Await(turn, wait);
        if (wait > TimeSpan.Zero && speech.Confidence >= turn.Settings.ConfidentPause)
        {
            Suppose(turn);
        }
    }

    /// <summary>The transcriber decided by meaning that the turn is over.</summary>
    private static void EndTurn(Turn turn, string words)
    {
        Settle(turn, words);
        if (turn.State.Words.Length == 0 || IsAside(turn))
        {
            Withdraw(turn);
            return;
        }

        Await(turn, Endpointing.AfterEndOfTurn(turn.Settings.StartSpeaking, turn.State.Words, turn.State.LastSaid));
    }

    /// <summary>The last words of a stretch of speech; none when what was heard turned out to be nothing.</summary>
    private static void Settle(Turn turn, string words)
    {
        GoOn(turn, words);
        if (words.Length == 0)
        {
            turn.State = turn.State with { Words = turn.State.BeforePause };
        }
    }

    private static string Join(string before, string words) => before.Length == 0 ? words : $"{before} {words}";

    private static void Await(Turn turn, TimeSpan wait) =>
        turn.State = turn.State with { Caller = CallerPhase.Pausing, CommitAt = turn.Now + wait, StuckAt = null };

    /// <summary>Said over a reply without stopping it. Whether it was an answer is decided when the reply has ended.</summary>
    private static bool IsAside(Turn turn) => turn.State.Reply is ReplyPhase.Preparing or ReplyPhase.Speaking or ReplyPhase.Held;

    private static void Withdraw(Turn turn)
    {
        DropSpeculation(turn); // what it supposed was not said
        var state = turn.State;
        turn.State = state with
        {
            Caller = CallerPhase.Silent,
            Words = "",
            BeforePause = "",
            CommitAt = null,
            StuckAt = null,
            InterruptAt = null,
            Aside = state.Words.Length == 0 ? state.Aside : Join(state.Aside, new Aside(state.Words, turn.Now, turn.Settings.Interruption.Of(state.Words) is Overlap.BackChannel)),
        };
        Replies.FallSilent(turn);
    }

    private static Aside Join(Aside? before, Aside next) => before is null or { IsBackChannel: true } ? next : next.IsBackChannel ? before : next with { Text = $"{before.Text} {next.Text}" };

    /// <summary>Begins the answer while the end of the turn is not certain.</summary>
    private static void Suppose(Turn turn)
    {
        if (turn.Settings.Speculation && turn.State is { Reply: ReplyPhase.None, Words.Length: > 0 })
        {
            Replies.Speculate(turn, turn.State.Words);
        }
    }

    private static void DropSpeculation(Turn turn)
    {
        if (turn.State.Reply is ReplyPhase.Speculating)
        {
            Replies.Drop(turn);
        }
    }

    private static bool CanInterrupt(TurnState state) => state.Kind is not ReplyKind.Farewell && (state.Kind is not ReplyKind.Greeting || state.Settings.GreetingCanBeInterrupted);
}
