using ToolBackend.Voice.Turns;

namespace ToolBackend.Voice.Tests.Turns;

/// <summary>What the session would make audible, and what must never happen. It knows the effects only, not the machine.</summary>
internal sealed class RuleBook
{
    private int _newest;
    private int? _speculative;
    private int? _open;
    private string? _supposed;
    private string? _committed;
    private bool _isHeld;
    private bool _hasEnded;

    /// <summary>Before the step that it is given to.</summary>
    public void Tell(TurnEvent happened)
    {
        if (happened is TurnEvent.ReplyFinished finished && finished.Generation == _open && _speculative is null)
        {
            (_open, _isHeld) = (null, false);
        }
    }

    public void See(TurnEffect effect)
    {
        _hasEnded.ShouldBeFalse("I6: nothing after the end");
        switch (effect)
        {
            case TurnEffect.StartReply start:
                start.Generation.ShouldBe(_newest + 1, "I1: generations grow by one");
                _newest = start.Generation;
                (_open, _speculative, _supposed, _isHeld) = (start.Generation, start.SpeculativeTurn is null ? null : start.Generation, start.SpeculativeTurn, false);
                if (start.Text is null && start.SpeculativeTurn is null && start.Kind is ReplyKind.Answer)
                {
                    _committed.ShouldNotBeNull("an answer answers a committed turn");
                    _committed = null;
                }

                break;
            case TurnEffect.ConfirmReply confirm:
                confirm.Generation.ShouldBe(_speculative ?? 0, "I4: only a speculative reply is confirmed, once");
                Words(_committed).ShouldBe(Words(_supposed), "I4: it answers the words that it supposed");
                (_speculative, _committed) = (null, null);
                break;
            case TurnEffect.DiscardReply discard:
                discard.Generation.ShouldBe(_open ?? 0);
                (_open, _speculative) = (null, null);
                break;
            case TurnEffect.InterruptReply interrupt:
                interrupt.Generation.ShouldBe(_open ?? 0);
                _speculative.ShouldBeNull("I4: what is not audible is discarded, not interrupted");
                _open = null;
                break;
            case TurnEffect.HoldReply hold:
                hold.Generation.ShouldBe(_open ?? 0);
                _isHeld.ShouldBeFalse();
                _isHeld = true;
                break;
            case TurnEffect.ResumeReply resume:
                resume.Generation.ShouldBe(_open ?? 0);
                _isHeld.ShouldBeTrue();
                _isHeld = false;
                break;
            case TurnEffect.CommitTurn commit:
                commit.Text.ShouldNotBeEmpty();
                _committed.ShouldBeNull("each turn is answered before the next one is committed");
                if (_open is { } left && left != _speculative)
                {
                    throw new Xunit.Sdk.XunitException("I3: what was being said is settled before the next turn is committed");
                }

                _committed = commit.Text;
                break;
            case TurnEffect.EndCall:
                _hasEnded = true;
                break;
        }
    }

    /// <summary>I5, more sharply than "some deadline": each part that is under way has its own.</summary>
    public static void CheckDeadlines(TurnState state, TimeSpan now)
    {
        if (state.Call is CallPhase.Ended)
        {
            state.NextDeadline.ShouldBeNull();
            return;
        }

        state.NextDeadline.ShouldNotBeNull().ShouldBeGreaterThan(now - TimeSpan.FromMilliseconds(1));
        Holds(state.Caller is not CallerPhase.Speaking || state.StuckAt is not null, "a caller who speaks", state);
        Holds(state.Caller is not CallerPhase.Pausing || state.CommitAt is not null, "a caller who pauses", state);
        Holds(state.Reply is ReplyPhase.None || state.ReplyBy is not null, "a reply", state);
        Holds(state.Reply is not ReplyPhase.Held || state.HoldUntil is not null, "a held reply", state);
        Holds(state is not { Caller: CallerPhase.Silent, Reply: ReplyPhase.None } || state.SilentSince is not null || state.Digits.Length > 0, "silence", state);
        Holds(state.Reply is ReplyPhase.Speculating == state.Supposed is not null, "a supposition", state);
    }

    private static void Holds(bool rule, string part, TurnState state)
    {
        if (!rule)
        {
            throw new Xunit.Sdk.XunitException($"I5: {part} without its deadline: {state}");
        }
    }

    private static string Words(string? text) => new([.. (text ?? "").Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);
}
