using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Vapi.Calls;
using ToolBackend.Testing;

namespace ToolBackend.LocalStack.Tests.Simulators.Vapi.Calls;

public sealed class CallSenderTests : IAsyncLifetime
{
    private WebhookReceiver _webhook = null!;

    public async ValueTask InitializeAsync() => _webhook = await WebhookReceiver.StartAsync();

    public ValueTask DisposeAsync() => _webhook.DisposeAsync();

    private CallSender Sender(BackoffPlan? backoff = null, TimeProvider? time = null, TimeSpan? timeout = null) =>
        new(new WebhookTarget(_webhook.Url) { Backoff = backoff, Timeout = timeout ?? TimeSpan.FromSeconds(20), Credential = WebhookCredential.VapiSecret("s3cret") }, time ?? TimeProvider.System);

    private static BackoffPlan AtOnce(int retries, params int[] excluded) => new() { MaxRetries = retries, BaseDelaySeconds = 0, ExcludedStatusCodes = excluded };

    [Fact]
    public async Task All_messages_of_a_call_arrive_in_order_and_its_questions_are_answered()
    {
        using var sender = Sender();

        var played = await sender.PlayAsync(ReadyScripts.Everything(1), CallSender.AtOnce);

        played.Problems.ShouldBeEmpty();
        played.Deliveries.ShouldAllBe(delivery => delivery.IsTaken);
        _webhook.Types.ShouldBe(played.Call.Messages.Select(message => message.Type));
        _webhook.All.ShouldAllBe(received => received.Headers["X-Vapi-Secret"].ToString() == "s3cret");
    }

    [Fact]
    public async Task What_the_webhook_said_is_in_the_history_of_all_later_messages()
    {
        using var sender = Sender();

        var played = await sender.PlayAsync(ReadyScripts.Parcel(1), CallSender.AtOnce);

        played.ToolResults.Values.ShouldBe(["Answered: track_shipment", "Answered: list_shipments", "Answered: change_delivery"]);
        var report = _webhook.All.Single(received => received.Type == "end-of-call-report").Message;
        report["artifact"]!["messages"]!.AsArray().Where(entry => entry!["role"]!.GetValue<string>() == "tool_call_result").Select(entry => entry!["result"]!.GetValue<string>())
            .ShouldBe(played.ToolResults.Values);
        played.Call.FinalState()["messages"]!.AsArray().Count.ShouldBe(report["messages"]!.AsArray().Count);
    }

    [Fact]
    public async Task The_model_books_the_first_time_that_it_was_offered()
    {
        _webhook.Answer = (received, _) => received.Type == "tool-calls" && received.Message["toolCallList"]![0]!["function"]!["name"]!.GetValue<string>() == "find_open_slots"
            ? (200, $$"""{"results":[{"toolCallId":"{{received.Message["toolCallList"]![0]!["id"]}}","name":"find_open_slots","result":"There is time on Friday, December 4th at 11:15 AM with Ben or 3 PM with Ben."}]}""")
            : null;
        using var sender = Sender();

        await sender.PlayAsync(ReadyScripts.Booking(1), CallSender.AtOnce);

        var arguments = _webhook.All.Last(received => received.Type == "tool-calls").Message["toolCallList"]![0]!["function"]!["arguments"]!;
        arguments["date"]!.GetValue<string>().ShouldBe("Friday, December 4th");
        arguments["time"]!.GetValue<string>().ShouldBe("11:15 AM");
    }

    [Fact]
    public async Task A_call_played_at_once_ends_now_by_its_own_timestamps()
    {
        var clock = new ManualClock();
        using var sender = Sender(time: clock);

        var played = await sender.PlayAsync(ReadyScripts.WebCall(1), CallSender.AtOnce);

        (played.Call.StartedAt + played.Call.Length).ShouldBeInRange(clock.UtcNow.AddMilliseconds(-2), clock.UtcNow);
    }

    [Fact]
    public async Task Messages_leave_at_their_time_divided_by_the_speed()
    {
        var clock = new ManualClock();
        using var sender = Sender(time: clock);
        var script = ReadyScripts.WebCall(0) with { ServerMessages = ["status-update"] };
        var playing = sender.PlayAsync(script, speed: 10);
        await Until(() => _webhook.All.Count == 1);

        var ended = ScriptedCall.Of(script, clock.UtcNow).Messages[^1].At;
        clock.Advance((ended / 10) - TimeSpan.FromMilliseconds(5));
        _webhook.All.Count.ShouldBe(1);
        await AdvanceUntilAsync(clock, playing);

        _webhook.Types.ShouldBe(["status-update", "status-update"]);
        await playing;
    }

    [Fact]
    public async Task Without_a_backoff_plan_nothing_is_sent_twice()
    {
        _webhook.Answer = static (_, _) => (500, "{}");
        using var sender = Sender();

        var played = await sender.PlayAsync(ReadyScripts.WebCall(1), CallSender.AtOnce);

        played.Deliveries.ShouldAllBe(delivery => delivery.Attempts.Count == 1 && delivery.Status == 500);
        _webhook.All.Count.ShouldBe(played.Deliveries.Count);
    }

    [Theory]
    [InlineData(503, 4)]
    [InlineData(404, 4)]
    [InlineData(301, 4)]
    [InlineData(401, 1)]
    public async Task With_a_plan_every_answer_but_success_is_tried_again_unless_excluded(int status, int attempts)
    {
        _webhook.Answer = (_, _) => (status, "");
        using var sender = Sender(AtOnce(3, 401, 403));

        var played = await sender.PlayAsync(ReadyScripts.WebCall(1) with { ServerMessages = ["status-update"] }, CallSender.AtOnce);

        played.Deliveries.ShouldAllBe(delivery => delivery.Attempts.Count == attempts);
    }

    [Fact]
    public async Task A_message_that_is_taken_at_the_second_attempt_is_not_sent_a_third_time()
    {
        _webhook.Answer = static (_, before) => before == 0 ? (502, "") : null;
        using var sender = Sender(AtOnce(10));

        var played = await sender.PlayAsync(ReadyScripts.NoAnswer(1) with { ServerMessages = ["end-of-call-report"] }, CallSender.AtOnce);

        played.Deliveries.Single().Attempts.Select(attempt => attempt.Status).ShouldBe([502, 200]);
        _webhook.All[1].Body.ShouldBe(_webhook.All[0].Body);
    }

    [Fact]
    public async Task A_server_that_is_gone_is_tried_again_and_named()
    {
        var gone = _webhook.Url;
        await _webhook.DisposeAsync();
        using var sender = new CallSender(new WebhookTarget(gone) { Backoff = AtOnce(2) }, TimeProvider.System);

        var played = await sender.PlayAsync(ReadyScripts.NoAnswer(1) with { ServerMessages = ["end-of-call-report"] }, CallSender.AtOnce);

        played.Deliveries.Single().Attempts.Select(attempt => attempt.Failure).ShouldBe(["connection-error", "connection-error", "connection-error"]);
    }

    [Theory]
    [InlineData("tool-calls", 20)]
    [InlineData("assistant-request", 7.5)]
    public async Task A_late_answer_is_no_answer(string type, double seconds)
    {
        var clock = new ManualClock();
        var never = new TaskCompletionSource();
        _webhook.Before = (received, aborted) => received.Type == type ? never.Task.WaitAsync(aborted) : Task.CompletedTask;
        using var sender = Sender(time: clock);
        var playing = sender.PlayAsync(ReadyScripts.Booking(0), CallSender.AtOnce);
        await Until(() => _webhook.Types.Contains(type));

        clock.Advance(TimeSpan.FromSeconds(seconds - 0.1));
        clock.ArmedTimers.ShouldBe(1, "the deadline of the question that waits");
        await AdvanceUntilAsync(clock, playing);

        var played = await playing;
        played.Deliveries.First(delivery => delivery.Message.Type == type).Attempts.Single().Failure.ShouldBe("timeout");
        played.Problems.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task An_assistant_request_that_fails_ends_the_call_for_that_reason()
    {
        _webhook.Answer = static (received, _) => received.Type == "assistant-request" ? (200, """{"error":"We are closed."}""") : null;
        using var sender = Sender();

        var played = await sender.PlayAsync(ReadyScripts.Booking(0), CallSender.AtOnce);

        _webhook.Types.ShouldBe(["assistant-request", "status-update", "end-of-call-report"]);
        _webhook.All[1].Message["endedReason"]!.GetValue<string>().ShouldBe("assistant-request-returned-error");
        played.Call.FinalState()["endedReason"]!.GetValue<string>().ShouldBe("assistant-request-returned-error");
        played.Call.FinalState().ContainsKey("startedAt").ShouldBeFalse();
    }

    [Fact]
    public async Task A_transfer_goes_where_the_webhook_says()
    {
        using var sender = Sender();

        await sender.PlayAsync(ReadyScripts.Transferred(0), CallSender.AtOnce);

        var forwarding = _webhook.All.Single(received => received.Type == "status-update" && received.Message["status"]!.GetValue<string>() == "forwarding").Message;
        forwarding["destination"]!["number"]!.GetValue<string>().ShouldBe("+12065550188");
    }

    [Fact]
    public async Task Faults_are_the_same_for_the_same_seed_and_another_for_another()
    {
        using var sender = Sender();
        var script = ReadyScripts.Everything(5);
        async Task<string> Play(int seed) => string.Join(' ', (await sender.PlayAsync(script, CallSender.AtOnce, new DeliveryFaults { Seed = seed, Duplicates = 0.3, Losses = 0.2, Disorder = 0.4 }))
            .Deliveries.Select(delivery => $"{delivery.Message.Step}.{delivery.Copy}.{delivery.Attempts.Count}"));

        var first = await Play(1);

        (await Play(1)).ShouldBe(first);
        (await Play(2)).ShouldNotBe(first);
    }

    [Fact]
    public void Duplicates_losses_and_disorder_happen_in_about_the_share_that_is_asked_for_and_never_lose_a_question()
    {
        var script = ReadyScripts.Everything(5);
        var steps = ScriptedCall.Of(script, DateTimeOffset.UnixEpoch).Messages;

        var (sent, lost, twice, moved) = (0, 0, 0, 0);
        for (var seed = 0; seed < 20; seed++)
        {
            var plan = DeliveryPlan.Of(ScriptedCall.Of(script, DateTimeOffset.UnixEpoch).Steps, new DeliveryFaults { Seed = seed, Duplicates = 0.25, Losses = 0.1, Disorder = 0.3 })
                .Where(sending => sending.Fate != Fate.NotAsked).ToArray();
            var firsts = plan.Where(sending => sending.Copy == 0).ToArray();
            firsts.Length.ShouldBe(steps.Count);
            firsts.Where(sending => steps.First(step => step.Step == sending.Step).NeedsAnswer).ShouldAllBe(sending => sending.Fate == Fate.Sent);
            sent += firsts.Length;
            lost += firsts.Count(sending => sending.Fate == Fate.Lost);
            twice += plan.Count(sending => sending.Copy == 1);
            moved += firsts.Zip(firsts.Skip(1)).Count(pair => pair.First.Step > pair.Second.Step);
        }

        (lost / (double)sent).ShouldBeInRange(0.03, 0.15);
        (twice / (double)sent).ShouldBeInRange(0.15, 0.32);
        moved.ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task Types_that_are_lost_by_name_never_arrive()
    {
        using var sender = Sender();

        await sender.PlayAsync(ReadyScripts.Parcel(0), CallSender.AtOnce, new DeliveryFaults { LostTypes = ["status-update", "end-of-call-report"] });

        _webhook.Types.ShouldNotContain("status-update");
        _webhook.Types.ShouldNotContain("end-of-call-report");
        _webhook.Types.ShouldContain("tool-calls");
    }

    [Fact]
    public async Task A_tool_call_that_comes_twice_must_be_answered_alike()
    {
        var count = 0;
        _webhook.Answer = (received, _) => received.Type == "tool-calls"
            ? (200, $$"""{"results":[{"toolCallId":"{{received.Message["toolCallList"]![0]!["id"]}}","name":"x","result":"{{count++}}"}]}""")
            : null;
        using var sender = Sender();

        var played = await sender.PlayAsync(ReadyScripts.PlatformFault(0), CallSender.AtOnce, new DeliveryFaults { Duplicates = 1 });

        played.Problems.ShouldHaveSingleItem().ShouldContain("answered differently");
        played.ToolResults.Values.ShouldBe(["0"]);
    }

    [Fact]
    public void A_backoff_plan_waits_as_Vapi_does()
    {
        var exponential = new BackoffPlan { Type = BackoffType.Exponential, MaxRetries = 4, BaseDelaySeconds = 2 };
        var steady = new BackoffPlan { Type = BackoffType.Fixed, MaxRetries = 2, BaseDelaySeconds = 5, ExcludedStatusCodes = [400] };

        Enumerable.Range(1, 5).Select(retry => exponential.DelayBefore(retry, 503)?.TotalSeconds).ShouldBe([2, 4, 8, 16, null]);
        Enumerable.Range(1, 3).Select(retry => steady.DelayBefore(retry, null)?.TotalSeconds).ShouldBe([5, 5, null]);
        steady.DelayBefore(1, 400).ShouldBeNull();
        steady.DelayBefore(1, 204).ShouldBeNull();
        Should.Throw<ArgumentOutOfRangeException>(() => new BackoffPlan { MaxRetries = 11 });
        Should.Throw<ArgumentOutOfRangeException>(() => new BackoffPlan { BaseDelaySeconds = 11 });
    }

    private static async Task Until(Func<bool> holds)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!holds())
        {
            await Task.Delay(5, deadline.Token);
        }
    }

    // The call waits for its own clock and for real sockets in turn.
    private static async Task AdvanceUntilAsync(ManualClock clock, Task done)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!done.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5, deadline.Token);
        }
    }
}
