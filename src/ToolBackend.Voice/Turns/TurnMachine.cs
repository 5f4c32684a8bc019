using ToolBackend.Voice.Transcription;

namespace ToolBackend.Voice.Turns;

/// <summary>
/// Who may speak. Pure: the same state, event and time give the same next state and effects; the session does the effects and brings the events.
/// </summary>
/// <remarks>
/// <code>
/// The caller's side                                              Ours
///
///          voice, words                                            turn over            first audio            all played
/// Silent --------------> Speaking                         None ----------------> Preparing ---------> Speaking -----------> None
///    ^                     |   ^                            |  likely over           ^                 |   ^
///    | committed    paused |   | goes on                    +-----------> Speculating+ turn confirmed  |   | cough: resumed
///    |                     v   |                                             | goes on: discarded      v   |
///    +------------------ Pausing                                             v                        Held-+--> words: interrupted
///                                                                          None
/// The rules (TurnMachineTests, C12):
/// I1  One reply is audible at a time: a new one has a higher generation, and the one before it was finished, discarded or interrupted first.
/// I2  Nothing of a generation is written after its interruption.
/// I3  The history holds what was heard: an interruption and a discarded reply say so before the next turn is committed.
/// I4  A speculative reply is not audible before ConfirmReply names it, and its turn has the words that it supposes.
/// I5  Every state of a call that has not ended has a deadline, and passing it changes the state.
/// I6  Nothing is started after EndCall.
/// </code>
/// The whole table, by event, is in docs/turns.md; TurnTableTests reads it from there.
/// </remarks>
public static class TurnMachine
{
    /// <param name="now">Since the start of the call; never smaller than in the step before.</param>
    public static (TurnState State, IReadOnlyList<TurnEffect> Effects) Step(TurnState state, TurnEvent happened, TimeSpan now)
    {
        if (state.Call is CallPhase.Ended)
        {
            return (state, []);
        }

        var turn = new Turn(state, now);
        switch (happened)
        {
            case TurnEvent.Started:
                Start(turn);
                break;
            case TurnEvent.Speech speech:
                CallerTurns.Hear(turn, speech);
                break;
            case TurnEvent.Key key:
                Keypad.Press(turn, key.Digit);
                break;
            case TurnEvent.ReplyAudible(var generation) when turn.IsCurrent(generation):
                Replies.BecomeAudible(turn);
                break;
            case TurnEvent.ReplyWorking(var generation) when turn.IsCurrent(generation):
                Replies.KeepWaiting(turn);
                break;
            case TurnEvent.ReplyFinished(var generation, var said) when turn.IsCurrent(generation):
                Replies.Finish(turn, said);
                break;
            case TurnEvent.ReplyFailed(var generation) when turn.IsCurrent(generation):
                Replies.Fail(turn);
                break;
            case TurnEvent.EndWanted end:
                Endings.Want(turn, end.Reason, end.Farewell);
                break;
            case TurnEvent.HungUp gone:
                Endings.End(turn, gone.Reason, callerIsGone: true);
                break;
            case TurnEvent.Tick:
                break; // what is due is done below, for every event: a late timer changes nothing
        }

        Deadlines.Pass(turn);
        return (turn.State, turn.Effects);
    }

    private static void Start(Turn turn)
    {
        var settings = turn.State.Settings;
        turn.State = turn.State with { EndBy = turn.Now + settings.MaxDuration };
        if (settings.FirstMessageMode is Vapi.Definitions.Model.FirstMessageMode.AssistantSpeaksFirstWithModelGeneratedMessage)
        {
            Replies.Start(turn, ReplyKind.Greeting, null);
        }
        else if (settings is { FirstMessageMode: Vapi.Definitions.Model.FirstMessageMode.AssistantSpeaksFirst, FirstMessage: { Length: > 0 } first })
        {
            Replies.Start(turn, ReplyKind.Greeting, first);
        }
        else
        {
            Replies.FallSilent(turn);
        }
    }
}

/// <summary>One step under way.</summary>
internal sealed class Turn(TurnState state, TimeSpan now)
{
    private readonly List<TurnEffect> _effects = [];

    public TurnState State { get; set; } = state;

    public TimeSpan Now { get; } = now;

    public IReadOnlyList<TurnEffect> Effects => _effects;

    public TurnSettings Settings => State.Settings;

    public void Do(TurnEffect effect) => _effects.Add(effect);

    public bool IsCurrent(int generation) => generation == State.Generation && State.Reply is not ReplyPhase.None;
}
