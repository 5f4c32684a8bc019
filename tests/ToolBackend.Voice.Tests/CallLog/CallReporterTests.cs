using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.State;
using ToolBackend.Testing;
using ToolBackend.Vapi.Calls;
using ToolBackend.Voice.Audio;
using ToolBackend.Voice.CallLog;
using ToolBackend.Voice.Language;
using ToolBackend.Voice.Sessions;
using ToolBackend.Voice.Transcription;
using ToolBackend.Voice.Turns;

namespace ToolBackend.Voice.Tests.CallLog;

public sealed class CallReporterTests : IDisposable
{
    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 12, 1, 10, 0, 0, TimeSpan.Zero));
    private readonly List<CallMessage> _posted = [];
    private readonly CancellationTokenSource _call = new();
    private readonly List<Reply> _replies = [];

    [Fact]
    public void The_latencies_of_a_turn_are_those_that_the_clock_saw()
    {
        var reporter = Reporter();
        reporter.Started();
        reporter.Listen(Enumerable.Repeat((byte)0x80, 160).ToArray()); // loud
        Pass(300);
        reporter.Listen(Enumerable.Repeat(MuLaw.Silence, 160).ToArray());
        reporter.Heard(new TurnEvent.Speech(TranscriptKind.Over, "Where is it?"), _clock.GetTimestamp());
        Pass(100);
        reporter.Committed("Where is it?");
        var reply = Begin(reporter, ReplyKind.Answer);
        Pass(2);
        reply.Times.Mark(Moment.Asked, _clock);
        Pass(200);
        reply.Times.Mark(Moment.FirstToken, _clock);
        Pass(50);
        reply.Times.Mark(Moment.FirstWords, _clock);
        Pass(75);
        reply.Times.Mark(Moment.FirstAudio, _clock);
        Pass(1);
        reporter.ReplySpeaks(reply);
        Pass(1000);
        reporter.ReplyFinished(reply, "On Thursday.");
        reporter.Over("customer-ended-call", null);
        reporter.Report();

        var call = Fold();
        call.Turns.ShouldBe([new TurnLatency(728, 100, 300, 200, 75)]);
        call.Transcript.Select(l => (l.Role, l.Text)).ShouldBe([("user", "Where is it?"), ("assistant", "On Thursday.")]);
        (call.Transcript[1].Until - call.Transcript[1].At).ShouldBe(TimeSpan.FromSeconds(1));
        call.DurationMs.ShouldBe(1728);
        call.Anomalies.ShouldBeEmpty();
        TurnFigures.Of(reply.Times, _clock).OwnShare.ShouldBe(TimeSpan.FromMilliseconds(3));
        TurnFigures.Of(reply.Times, _clock).Turn.ShouldBe(TimeSpan.FromMilliseconds(428));
    }

    [Fact]
    public void A_farewell_in_place_of_an_answer_answers_the_turn()
    {
        var reporter = Reporter();
        reporter.Started();
        reporter.Committed("That was all.");
        reporter.ReplyDiscarded(Begin(reporter, ReplyKind.Answer));
        var farewell = Begin(reporter, ReplyKind.Farewell);
        Pass(40);
        reporter.ReplySpeaks(farewell);
        reporter.Over("assistant-ended-call", null);
        reporter.Report();
        Fold().Turns.ShouldBe([new TurnLatency(40)]);
    }

    [Fact]
    public void Pressed_keys_are_never_stored()
    {
        var reporter = Reporter();
        reporter.Started();
        reporter.Committed("yes (pressed 9 8 7 6 5)");
        reporter.Over("customer-ended-call", null);
        reporter.Report();
        Stored().ShouldNotContain("9 8 7");
        Fold().Transcript.ShouldHaveSingleItem().Text.ShouldBe("yes User's Keypad Entry: [keys].");
    }

    [Fact]
    public void A_definition_without_transcripts_leaves_no_words()
    {
        var reporter = Reporter(keepsWords: false);
        Talk(reporter);
        Stored().ShouldNotContain("parcel");
        Stored().ShouldNotContain("depot");
        Fold().Tools.ShouldHaveSingleItem().Result.ShouldBeNull();
        Fold().Interruptions.ShouldBe(1);
    }

    [Fact]
    public void A_policy_without_content_leaves_no_words()
    {
        Talk(Reporter());
        Stored(new ContentPolicy { StoreContent = false }).ShouldNotContain("parcel");
        Stored(new ContentPolicy { StoreContent = false }).ShouldNotContain("depot");
        Stored().ShouldContain("depot");
    }

    [Fact]
    public void A_report_alone_says_what_the_single_events_say()
    {
        Talk(Reporter());
        var all = Fold();
        var rest = CallFold.Fold(Events().Where(e => e.Kind is not (CallEventKind.Transcript or CallEventKind.ToolCalls or CallEventKind.Interruption)));
        rest.Transcript.ShouldBe(all.Transcript);
        rest.Tools.ShouldBe(all.Tools);
        rest.Interruptions.ShouldBe(all.Interruptions);
    }

    [Fact]
    public void A_call_that_is_passed_on_says_to_whom()
    {
        var reporter = Reporter();
        reporter.Started();
        Pass(1000);
        reporter.Over("assistant-forwarded-call", "+12065550110");
        reporter.Report();
        var call = Fold();
        (call.EndedReason, call.Status).ShouldBe(("assistant-forwarded-call", "ended"));
        call.Transfers.ShouldHaveSingleItem().To.ShouldBe("+12065550110");
    }

    [Fact]
    public void Text_that_is_no_text_does_not_fail_the_call()
    {
        var reporter = Reporter();
        reporter.Started();
        reporter.Committed("half a pair \ud83d");
        reporter.Over("customer-ended-call", null);
        Should.NotThrow(() => reporter.Report());
        Events().ShouldContain(e => e.Kind == CallEventKind.Status && e.Facts.Status == "ended");
    }

    public void Dispose()
    {
        _replies.ForEach(r => r.Dispose());
        _call.Dispose();
    }

    private void Talk(CallReporter reporter)
    {
        reporter.Started();
        Pass(100);
        reporter.Committed("Where is my parcel?");
        var reply = Begin(reporter, ReplyKind.Answer);
        reporter.Called([new ModelToolCall("call_1", "track_shipment", "{}")]);
        Pass(10);
        reporter.Returned("call_1", "It left the depot.");
        Pass(100);
        reporter.ReplySpeaks(reply);
        Pass(500);
        reporter.ReplyInterrupted(reply, "It left the", byCaller: true);
        Pass(100);
        reporter.Over("customer-ended-call", null);
        reporter.Report();
    }

    private Reply Begin(CallReporter reporter, ReplyKind kind)
    {
        var reply = new Reply(_replies.Count + 1, kind, isConfirmed: true, TimeSpan.Zero, _call.Token).Begun();
        _replies.Add(reply);
        reporter.ReplyBegun(reply);
        return reply;
    }

    private void Pass(int milliseconds) => _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

    private IEnumerable<ReportedEvent> Reported(ContentPolicy policy) => _posted.Select(m => PipelineEvents.Read(m, policy)!.ToStore!);

    private IEnumerable<CallEvent> Events() => Reported(ContentPolicy.Default).Select(r => r.Event);

    private CallState Fold() => CallFold.Fold(Events());

    private string Stored(ContentPolicy? policy = null) =>
        string.Join('\n', Reported(policy ?? ContentPolicy.Default).Select(r => Encoding.UTF8.GetString(r.Event.Facts.ToJson()) + Encoding.UTF8.GetString(r.Body ?? [])));

    private CallReporter Reporter(bool keepsWords = true) => new(
        new CallFile(new CallHeader("CA1", "+12065550123", "+12065550100", "receptionist", TimeSpan.FromMinutes(10)), keepsWords, "deepgram", "11labs"), _posted.Add, () => { }, new RateOptions(), _clock,
        NullLogger.Instance);
}
