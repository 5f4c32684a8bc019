using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Resilience;
using ToolBackend.Core.Tests.Calls.Intake;
using ToolBackend.Testing;

namespace ToolBackend.Core.Tests.Calls.Reaping;

public sealed class CallReaperTests(PostgresCluster cluster) : IAsyncLifetime
{
    private UpkeepNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await UpkeepNode.StartAsync(cluster);

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_silent_call_is_asked_for_after_ten_minutes_and_ends_as_the_platform_says()
    {
        await BeginAsync("silent");
        _node.Platform.Put("silent", Events.Start.AddMinutes(6), ScriptedCallSource.Ended("customer-ended-call", Events.Start.AddMinutes(5)));

        await PassAsync(TimeSpan.FromMinutes(9));
        _node.Platform.Asked.ShouldBeEmpty();

        await PassAsync(TimeSpan.FromMinutes(2));
        _node.Platform.Asked.ShouldBe(["silent"]);
        var call = await _node.StateAsync("silent");
        (call.Status, call.EndedReason, call.HasReport).ShouldBe(("ended", "customer-ended-call", true));
        call.EndedAt.ShouldBe(Events.Start.AddMinutes(5));

        await PassAsync(TimeSpan.FromHours(5));
        _node.Platform.Asked.Count.ShouldBe(1, "it has ended");
        (await _node.CountAsync("call_inquiry")).ShouldBe(0);
    }

    [Fact]
    public async Task A_call_that_lives_is_asked_for_ever_more_rarely_and_nothing_of_it_changes()
    {
        await BeginAsync("alive");
        _node.Platform.Put("alive", Events.Start, new CallFacts { Status = "in-progress" });

        foreach (var (minutes, asked) in new[] { (11, 1), (1, 1), (1, 2), (3, 2), (1, 3), (7, 3), (1, 4) })
        {
            await PassAsync(TimeSpan.FromMinutes(minutes));
            _node.Platform.Asked.Count.ShouldBe(asked);
        }

        (await _node.CountAsync("call_event")).ShouldBe(2);
    }

    [Fact]
    public async Task A_call_past_its_own_limit_is_asked_for_although_it_is_not_silent()
    {
        await _node.AppendAsync(Events.Status("long", "in-progress", 0), Events.Make("long", "assistant.started", CallEventKind.AssistantStarted, 1, new CallFacts { Assistant = new AssistantFact("a", "Front desk", 60) }));
        await _node.AppendAsync(Events.Said("long", "user", "Still here.", 350));
        _node.Platform.Put("long", Events.Start, new CallFacts { Status = "in-progress" });

        await PassAsync(TimeSpan.FromSeconds(359));
        _node.Platform.Asked.ShouldBeEmpty();
        await PassAsync(TimeSpan.FromSeconds(5));
        _node.Platform.Asked.ShouldBe(["long"]);
    }

    [Fact]
    public async Task What_is_unknown_twice_is_given_up_at_its_last_sign_of_life()
    {
        await BeginAsync("gone");
        await PassAsync(TimeSpan.FromMinutes(11));
        (await _node.StateAsync("gone")).Status.ShouldBe("in-progress");

        await PassAsync(TimeSpan.FromMinutes(3));
        var call = await _node.StateAsync("gone");
        (call.Status, call.EndedReason, call.EndedClass).ShouldBe(("ended", "reaper.unknown-to-vapi", "other"));
        call.EndedAt.ShouldBe(Events.Start.AddSeconds(8));

        await PassAsync(TimeSpan.FromDays(1));
        _node.Platform.Asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Two_reapers_that_give_up_the_same_call_add_one_event()
    {
        await BeginAsync("twice");
        await PassAsync(TimeSpan.FromMinutes(11));
        _node.Clock.Advance(TimeSpan.FromMinutes(3));
        await Task.WhenAll(_node.ReapAsync(), _node.ReapAsync());
        await _node.FoldedAsync();
        (await _node.CountAsync("call_event where kind = 'Reaped'")).ShouldBe(1);
    }

    [Fact]
    public async Task While_nobody_answers_a_call_is_given_up_at_the_hard_limit_and_when_somebody_does_it_gets_its_true_end()
    {
        await BeginAsync("mute");
        _node.Platform.Failure = new UpstreamException("Vapi", UpstreamFailure.Unavailable);

        await PassAsync(TimeSpan.FromHours(12));
        (await _node.StateAsync("mute")).Status.ShouldBe("in-progress");
        await PassAsync(TimeSpan.FromMinutes(6));
        var givenUp = await _node.StateAsync("mute");
        (givenUp.Status, givenUp.EndedReason).ShouldBe(("ended", "reaper.no-end-known"));

        _node.Platform.Failure = null;
        _node.Platform.Put("mute", Events.Start.AddMinutes(3), ScriptedCallSource.Ended("assistant-ended-call", Events.Start.AddMinutes(2)));
        await PassAsync(TimeSpan.FromMinutes(3));
        var known = await _node.StateAsync("mute");
        (known.EndedReason, known.EndedAt, known.HasReport).ShouldBe(("assistant-ended-call", Events.Start.AddMinutes(2), true));
    }

    [Fact]
    public async Task When_the_platform_does_not_answer_one_call_of_a_look_waits_for_it_and_the_others_do_not()
    {
        for (var i = 0; i < 5; i++)
        {
            await BeginAsync($"many-{i}");
        }

        _node.Platform.Failure = new UpstreamException("Vapi", UpstreamFailure.Unavailable);
        await PassAsync(TimeSpan.FromMinutes(11));
        _node.Platform.Asked.Count.ShouldBe(1);

        _node.Platform.Failure = null;
        await PassAsync(TimeSpan.FromMinutes(2));
        _node.Platform.Asked.Count.ShouldBe(6);
    }

    [Fact]
    public async Task An_ended_call_whose_report_was_lost_gets_it_from_the_platform()
    {
        await BeginAsync("unreported");
        await _node.AppendAsync(Events.Status("unreported", "ended", 60, "customer-ended-call"));
        (await _node.StateAsync("unreported")).HasReport.ShouldBeFalse();
        _node.Platform.Put("unreported", Events.Start.AddMinutes(2), ScriptedCallSource.Ended("customer-ended-call", Events.Start.AddSeconds(60)));

        await PassAsync(TimeSpan.FromMinutes(5));
        _node.Platform.Asked.ShouldBeEmpty();
        await PassAsync(TimeSpan.FromMinutes(2));
        var call = await _node.StateAsync("unreported");
        (call.HasReport, call.Cost).ShouldBe((true, 0.5m));
    }

    [Fact]
    public async Task A_call_with_its_report_is_nobody_s_business()
    {
        await _node.AppendAsync(Events.Call("whole"));
        await PassAsync(TimeSpan.FromDays(2));
        _node.Platform.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_call_of_the_own_pipeline_is_not_asked_for_and_ends_by_its_limit()
    {
        await _node.AppendAsync(
            Events.Status("own", "in-progress", 0, source: CallEventSource.Pipeline),
            Events.Make("own", "assistant.started", CallEventKind.AssistantStarted, 1, new CallFacts { Assistant = new AssistantFact("a", "Front desk", 600) }, source: CallEventSource.Pipeline));
        await PassAsync(TimeSpan.FromMinutes(14));
        (await _node.StateAsync("own")).Status.ShouldBe("in-progress");
        await PassAsync(TimeSpan.FromMinutes(2));
        var call = await _node.StateAsync("own");
        (call.Status, call.EndedReason, call.Side).ShouldBe(("ended", "reaper.no-end-known", "own"));
        _node.Platform.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_heard_of_a_call_begins_the_count_anew()
    {
        await BeginAsync("back");
        await PassAsync(TimeSpan.FromMinutes(11));
        await _node.AppendAsync(Events.Said("back", "user", "Hello again.", 12 * 60));
        await PassAsync(TimeSpan.FromMinutes(12));

        _node.Platform.Asked.Count.ShouldBe(2);
        (await _node.StateAsync("back")).Status.ShouldBe("in-progress", "unknown once, alive, unknown once");
    }

    [Fact]
    public async Task An_event_that_cannot_be_stored_fails_the_look_and_a_later_one_stores_it()
    {
        await BeginAsync("later");
        _node.Platform.Put("later", Events.Start.AddMinutes(6), ScriptedCallSource.Ended("customer-ended-call", Events.Start.AddMinutes(5)));
        await _node.Tables.ExecuteAsync("alter table call_event add constraint closed check (received_at is null) not valid");
        _node.Clock.Advance(TimeSpan.FromMinutes(11));
        await Should.ThrowAsync<Exception>(_node.ReapAsync);

        await _node.Tables.ExecuteAsync("alter table call_event drop constraint closed");
        await PassAsync(TimeSpan.FromMinutes(3));
        (await _node.StateAsync("later")).EndedReason.ShouldBe("customer-ended-call");
    }

    private Task BeginAsync(string callRef) => _node.AppendAsync(Events.Status(callRef, "in-progress", 0), Events.Said(callRef, "user", "Hello?", 8));

    private async Task PassAsync(TimeSpan time)
    {
        _node.Clock.Advance(time);
        await _node.ReapAsync();
        await _node.FoldedAsync();
    }
}
