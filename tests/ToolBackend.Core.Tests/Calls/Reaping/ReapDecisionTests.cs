using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.Reaping;

namespace ToolBackend.Core.Tests.Calls.Reaping;

public sealed class ReapDecisionTests
{
    private static readonly DateTimeOffset s_now = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly CallReaperOptions s_options = new();
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(43_200 + 300);

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 4)]
    [InlineData(2, 8)]
    [InlineData(4, 32)]
    [InlineData(5, 60)]
    [InlineData(1000, 60)]
    public void A_call_that_still_lives_is_asked_for_after_two_minutes_doubling_to_an_hour(int times, int minutes)
    {
        var verdict = Decide(Call() with { Times = times }, PlatformAnswer.Live);
        verdict.ShouldBe(new ReapVerdict(null, times + 1, 0, TimeSpan.FromMinutes(minutes)));
    }

    [Fact]
    public void The_first_time_that_it_is_unknown_it_is_asked_for_again_the_second_time_it_is_reaped()
    {
        var first = Decide(Call(), PlatformAnswer.Unknown);
        first.Reap.ShouldBeNull();
        first.UnknownTimes.ShouldBe(1);
        Decide(Call() with { Times = 1, UnknownTimes = 1 }, PlatformAnswer.Unknown).Reap.ShouldBe("reaper.unknown-to-vapi");
    }

    [Fact]
    public void Unknown_counts_only_without_a_break()
    {
        Decide(Call() with { Times = 1, UnknownTimes = 1 }, PlatformAnswer.Live).UnknownTimes.ShouldBe(0);
        Decide(Call() with { Times = 1, UnknownTimes = 1 }, PlatformAnswer.None).UnknownTimes.ShouldBe(1, "no answer says nothing");
    }

    [Fact]
    public void What_could_not_be_asked_is_asked_again_soon_and_does_not_count()
    {
        var verdict = Decide(Call() with { Times = 7 }, PlatformAnswer.None);
        verdict.ShouldBe(new ReapVerdict(null, 7, 0, TimeSpan.FromMinutes(2)));
    }

    [Fact]
    public void Without_an_answer_a_call_ends_at_the_hard_limit_and_its_margin_whatever_its_definition_says()
    {
        var call = Call() with { StartedAt = s_now - s_limit, MaxSeconds = 600 };
        Decide(call, PlatformAnswer.None).Reap.ShouldBeNull();
        Decide(call with { StartedAt = s_now - s_limit - TimeSpan.FromSeconds(1) }, PlatformAnswer.None).Reap.ShouldBe("reaper.no-end-known");
        Decide(call with { StartedAt = null, OpenedAt = s_now - s_limit - TimeSpan.FromSeconds(1) }, PlatformAnswer.None).Reap.ShouldBe("reaper.no-end-known");
    }

    [Fact]
    public void A_call_that_nobody_can_be_asked_about_ends_by_its_own_limit()
    {
        var call = Call() with { PlatformRefs = [], StartedAt = s_now.AddSeconds(-901), MaxSeconds = 600 };
        Decide(call, PlatformAnswer.None).Reap.ShouldBe("reaper.no-end-known");
        Decide(call with { MaxSeconds = null }, PlatformAnswer.None).Reap.ShouldBeNull();
        Decide(call with { MaxSeconds = 0 }, PlatformAnswer.None).Reap.ShouldBeNull("0 is no limit");
    }

    [Fact]
    public void A_ghost_that_the_platform_calls_alive_beyond_the_longest_life_of_a_call_is_reaped_the_second_time()
    {
        var ghost = Call() with { StartedAt = s_now.AddDays(-1), Times = 0 };
        Decide(ghost, PlatformAnswer.Live).Reap.ShouldBeNull();
        Decide(ghost with { Times = 1 }, PlatformAnswer.Live).Reap.ShouldBe("reaper.no-end-known");
    }

    [Fact]
    public void A_call_that_is_planned_for_next_week_is_not_over_because_nothing_is_heard_of_it()
    {
        var planned = Call() with { Status = "scheduled", StartedAt = null, OpenedAt = s_now.AddDays(-7), Times = 30 };
        Decide(planned, PlatformAnswer.Live).Reap.ShouldBeNull();
        Decide(planned, PlatformAnswer.None).Reap.ShouldBeNull();
        Decide(planned with { OpenedAt = s_now.AddDays(-40) }, PlatformAnswer.None).Reap.ShouldBe("reaper.no-end-known");
    }

    [Theory]
    [InlineData(PlatformAnswer.Ended)]
    [InlineData(PlatformAnswer.Live)]
    [InlineData(PlatformAnswer.Unknown)]
    [InlineData(PlatformAnswer.None)]
    public void An_ended_call_whose_report_is_missing_is_never_reaped(PlatformAnswer answer) =>
        Decide(Call() with { Status = "ended", StartedAt = s_now.AddDays(-3), Times = 7, UnknownTimes = 1 }, answer).Reap.ShouldBeNull();

    [Fact]
    public void A_report_that_does_not_come_is_asked_for_eight_times_and_not_where_it_is_unknown()
    {
        var ended = Call() with { Status = "ended" };
        Decide(ended with { Times = 6 }, PlatformAnswer.Ended).AskAgainIn.ShouldBe(TimeSpan.FromHours(1));
        Decide(ended with { Times = 7 }, PlatformAnswer.Ended).AskAgainIn.ShouldBe(ReapDecision.Never);
        Decide(ended, PlatformAnswer.Unknown).AskAgainIn.ShouldBe(TimeSpan.FromMinutes(2));
        Decide(ended with { Times = 1, UnknownTimes = 1 }, PlatformAnswer.Unknown).AskAgainIn.ShouldBe(ReapDecision.Never);
    }

    [Theory]
    [InlineData(PlatformAnswer.None)]
    [InlineData(PlatformAnswer.Ended, PlatformAnswer.Ended)]
    [InlineData(PlatformAnswer.Ended, PlatformAnswer.Ended, PlatformAnswer.Unknown)]
    [InlineData(PlatformAnswer.Live, PlatformAnswer.Ended, PlatformAnswer.Live)]
    [InlineData(PlatformAnswer.None, PlatformAnswer.Live, PlatformAnswer.None)]
    [InlineData(PlatformAnswer.Unknown, PlatformAnswer.Unknown, PlatformAnswer.Unknown)]
    public void A_call_of_several_ids_is_over_only_when_none_of_them_lives(PlatformAnswer together, params PlatformAnswer[] answers) => ReapDecision.Together(answers).ShouldBe(together);

    [Theory]
    [InlineData("ended", null, PlatformAnswer.Ended)]
    [InlineData("in-progress", "customer-ended-call", PlatformAnswer.Ended)]
    [InlineData("in-progress", null, PlatformAnswer.Live)]
    [InlineData("queued", null, PlatformAnswer.Live)]
    [InlineData("a-word-of-2027", null, PlatformAnswer.Live)]
    [InlineData(null, null, PlatformAnswer.Live)]
    [InlineData("not-found", null, PlatformAnswer.Unknown)]
    [InlineData("deletion-failed", null, PlatformAnswer.Unknown)]
    public void A_snapshot_says_whether_the_call_lives(string? status, string? reason, PlatformAnswer answer) =>
        ReapDecision.AnswerOf(ScriptedCallSource.Snapshot("call-1", s_now, new CallFacts { Status = status, EndedReason = reason }).Event).ShouldBe(answer);

    [Fact]
    public void No_snapshot_is_an_answer_too() => ReapDecision.AnswerOf(null).ShouldBe(PlatformAnswer.Unknown);

    [Fact]
    public void Whoever_gives_up_the_same_call_makes_the_same_event()
    {
        var one = ReapedEvent.Of(Call(), ReapReason.NoEndKnown, s_now).Event;
        var other = ReapedEvent.Of(Call() with { Times = 9 }, ReapReason.NoEndKnown, s_now.AddHours(3)).Event;
        (other.CallRef, other.SentAt, other.MessageId).ShouldBe((one.CallRef, one.SentAt, one.MessageId));
        ReapedEvent.Of(Call(), ReapReason.UnknownToVapi, s_now).Event.MessageId.ShouldNotBe(one.MessageId);
        ReapedEvent.Of(Call() with { LastEventAt = Call().LastEventAt.AddMinutes(5) }, ReapReason.NoEndKnown, s_now).Event.MessageId.ShouldNotBe(one.MessageId, "it came back and fell silent again");
        one.ToString().ShouldBe("Reaper Reaped of vapi-1");
    }

    private static ReapVerdict Decide(SilentCall call, PlatformAnswer answer) => ReapDecision.Decide(call, answer, s_now, s_options);

    private static SilentCall Call() => new("vapi-1", "in-progress", s_now.AddMinutes(-30), s_now.AddMinutes(-29), s_now.AddMinutes(-15), null, ["vapi-1"], 0, 0);
}
