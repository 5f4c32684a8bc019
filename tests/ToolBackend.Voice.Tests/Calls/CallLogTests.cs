using System.Collections.Concurrent;
using System.Diagnostics;
using ToolBackend.Core.Observability;
using ToolBackend.Core.Data.Seeding;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.Testing;
using ToolBackend.Voice.Tests.CallLog;

namespace ToolBackend.Voice.Tests.Calls;

public sealed class LoggedVoiceFixture(PostgresCluster cluster, RedisServer redis) : VoiceFixture(cluster, redis)
{
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Voice:Rates:Transcribers:deepgram"] = "0.0077", ["Voice:Rates:Models:groq:Input"] = "0.00015", ["Voice:Rates:Models:groq:Output"] = "0.0006", ["Voice:Rates:Voices:11labs"] = "0.05",
    };
}

/// <summary>What a whole call leaves in the call log.</summary>
public sealed class CallLogTests(LoggedVoiceFixture voice) : IClassFixture<LoggedVoiceFixture>
{
    private const string Long = "Your parcel left the depot in Tacoma this morning. It should reach you on Thursday between two and four. If nobody is home the driver leaves it with a neighbor.";
    private const string Greeting = "Harbor Street Clinic, how can I help you?";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_is_stored_as_it_was_heard()
    {
        voice.Language.Script = request => request switch
        {
            { FreshResults.Count: > 0 } => CompletionAnswer.Say("You have one appointment."),
            { LastUserText: var text } when text.StartsWith("Where", StringComparison.Ordinal) => CompletionAnswer.Say(Long),
            { LastUserText: var text } when text.StartsWith("When", StringComparison.Ordinal) => CompletionAnswer.Call("list_appointments", "{}"),
            _ => CompletionAnswer.Call("endCall", "{}"),
        };
        string callSid;
        await using (var phone = await voice.CallAsync(Cancellation))
        {
            callSid = phone.CallSid;
            await phone.ListenAsync(Cancellation);
            await phone.SayAsync("Where is my parcel?", Cancellation);
            await phone.HearAsync("on Thursday", Cancellation);
            await phone.SayAsync("When is my next appointment?", Cancellation);
            (await phone.ListenAsync(Cancellation)).ShouldEndWith("You have one appointment.");
            await phone.SayAsync("Thanks, that was all.", Cancellation);
            await phone.ListenAsync(Cancellation);
            await phone.Over.WaitAsync(TimeSpan.FromSeconds(5), Cancellation);
        }

        var call = await StoredCalls.ReportedAsync(voice.ConnectionString, callSid);
        call.CallId.ShouldBe("own-" + callSid);
        (call.Status, call.EndedReason, call.EndedClass, call.Side, call.Type).ShouldBe(("ended", "assistant-ended-call", "normal", "own", "inboundPhoneCall"));
        (call.Caller, call.ProviderCallId).ShouldBe((DemoSeed.CallerPhone, callSid));
        call.Assistants.ShouldHaveSingleItem().Name.ShouldBe("receptionist");
        call.Anomalies.ShouldBeEmpty();
        call.Interruptions.ShouldBe(1);

        var lines = call.Transcript;
        lines.Select(l => l.Role).ShouldBe(["assistant", "user", "assistant", "user", "assistant", "user", "assistant"]);
        lines[0].Text.ShouldBe(Greeting);
        lines[1].Text.ShouldBe("Where is my parcel?");
        lines[2].Interrupted.ShouldBeTrue();
        lines[2].Text.ShouldStartWith("Your parcel left the depot");
        lines[2].Text.ShouldNotContain("neighbor");
        lines[3].Text.ShouldBe("When is my next appointment?");
        lines[4].Text.ShouldEndWith("You have one appointment.");
        lines.Count(l => l.Interrupted).ShouldBe(1);
        lines.ShouldAllBe(l => l.At <= l.Until);

        call.Tools.Select(t => t.Name).ShouldBe(["list_appointments", "endCall"]);
        call.Tools[0].Result.ShouldNotBeNullOrEmpty();
        call.Turns.Count.ShouldBe(3);
        call.Turns[0].Turn!.Value.ShouldBeInRange(1, 5000);
        call.Turns[0].Transcriber!.Value.ShouldBeInRange(0, 2000);
        call.Turns[0].Endpointing!.Value.ShouldBeInRange(0, 2000);
        call.Turns[0].Model!.Value.ShouldBeInRange(0, 2000);
        call.Turns[0].Voice!.Value.ShouldBeInRange(0, 2000);
        call.Cost!.Value.ShouldBeGreaterThan(0);
        call.CostBreakdown!.Keys.ShouldBe(["llm", "stt", "tts"]);

        var events = await StoredCalls.EventsAsync(voice.ConnectionString, callSid);
        events.ShouldAllBe(e => e.Source == "pipeline");
        events.Select(e => e.Type).Distinct().ShouldBe(["status-update", "assistant.started", "transcript", "user-interrupted", "tool-calls", "end-of-call-report"], ignoreOrder: true);
    }

    [Fact]
    public async Task Card_numbers_keys_and_arguments_are_not_stored_and_no_line_of_the_log_tells_who_called()
    {
        voice.Language.Script = request => request.FreshResults.Count > 0
            ? CompletionAnswer.Say("Your card 4111 1111 1111 1111 is noted.")
            : CompletionAnswer.Call("list_appointments", """{"note":"secret argument"}""");
        string callSid;
        await using (var phone = await voice.CallAsync(Cancellation))
        {
            callSid = phone.CallSid;
            await phone.ListenAsync(Cancellation);
            await phone.SayAsync("My card is 4111 1111 1111 1111.", Cancellation);
            await phone.ListenAsync(Cancellation);
            await phone.HangUpAsync();
        }

        var call = await StoredCalls.ReportedAsync(voice.ConnectionString, callSid);
        call.EndedReason.ShouldBe("customer-ended-call");
        var stored = string.Join('\n', (await StoredCalls.EventsAsync(voice.ConnectionString, callSid)).Select(e => e.Text));
        stored.ShouldContain("My card is");
        stored.ShouldNotContain("1111 1111");
        stored.ShouldNotContain("secret argument");
        foreach (var word in (string[])[DemoSeed.CallerPhone, "My card is", "is noted", "secret argument"])
        {
            voice.Log.Lines.ShouldAllBe(line => !line.Contains(word, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_call_is_one_trace_with_its_turns_and_their_parts()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Telemetry.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        voice.Language.Script = request => request.FreshResults.Count > 0 ? CompletionAnswer.Say("On Thursday.") : CompletionAnswer.Call("list_appointments", "{}");
        await using var phone = await voice.CallAsync(Cancellation);
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("When is my next appointment?", Cancellation);
        await phone.ListenAsync(Cancellation);
        await phone.HangUpAsync();
        await StoredCalls.ReportedAsync(voice.ConnectionString, phone.CallSid);

        // A listener hears the whole process, and so the calls of other tests.
        var conversation = spans.Single(s => s.OperationName == Telemetry.Span.Conversation && s.GetTagItem(Telemetry.Tag.CallId) is string id && id.EndsWith(phone.CallSid, StringComparison.Ordinal));
        var answer = spans.Single(s => s.TraceId == conversation.TraceId && s.OperationName == Telemetry.Span.Turn && s.GetTagItem(Telemetry.Tag.Reply) is "answer" && s.GetTagItem(Telemetry.Tag.Outcome) is "heard");
        answer.ParentSpanId.ShouldBe(conversation.SpanId);
        var parts = spans.Where(s => s.ParentSpanId == answer.SpanId).ToList();
        parts.Select(s => s.OperationName).ShouldBe([Telemetry.Span.Stt, Telemetry.Span.Llm, Telemetry.Span.Tts, Telemetry.Span.Tool], ignoreOrder: true);
        parts.ShouldAllBe(s => s.StartTimeUtc >= answer.StartTimeUtc.AddMilliseconds(-1) && s.StartTimeUtc + s.Duration <= answer.StartTimeUtc + answer.Duration.Add(TimeSpan.FromMilliseconds(1)));
        spans.Count(s => s.TraceId == conversation.TraceId && s.OperationName == Telemetry.Span.Turn).ShouldBeGreaterThan(1);
    }
}
