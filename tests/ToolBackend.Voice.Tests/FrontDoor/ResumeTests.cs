using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ToolBackend.Core.Calls.State;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.LocalStack.Simulators.Twilio.Phone;
using ToolBackend.LocalStack.Simulators.Vapi.Bypass;
using ToolBackend.Testing;
using ToolBackend.Voice.Sessions;
using ToolBackend.Voice.Tests.CallLog;

namespace ToolBackend.Voice.Tests.FrontDoor;

/// <summary>Calls that Vapi loses go on with us and remember; calls that it ends are over.</summary>
public sealed class ResumeTests(FrontDoorFixture voice) : IClassFixture<FrontDoorFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_whose_socket_dies_at_random_moments_all_go_on_and_remember()
    {
        var calls = LongForm.Count(12, 1000);
        var random = new Random(6);
        var gaps = new List<double>();
        var (booked, told) = (0, 0);
        voice.Language.Script = request => CompletionAnswer.Say(
            request.LastUserText.Contains("booked", StringComparison.Ordinal) ? Knows(request, "Booked:") ? "Yes, you are booked." : "No, you are not."
            : Knows(request, "blue umbrella") ? "The blue umbrella, I know." : "I do not know.");
        foreach (var batch in Enumerable.Range(0, calls).Chunk(LongForm.Count(12, 40)))
        {
            voice.MakeWell();
            var plans = batch.ToDictionary(Caller, i => (Number: i, Death: (BypassDeath)(i % 4), After: TimeSpan.FromSeconds((IsBooking(i) ? 4.5 : 5.5) + (random.NextDouble() * 5))), StringComparer.Ordinal);
            voice.Bypass = call =>
            {
                var (number, death, after) = plans[call["customer"]!["number"]!.GetValue<string>()];
                return new BypassPlan
                {
                    Death = death,
                    DiesAfter = after,
                    Reply = heard => IsBooking(number)
                        ? new BypassReply("It is done, and it is a long story, which I tell so that the line can break in the middle of it.") { Tool = ("book_appointment", Slot(number / 5)) }
                        : new BypassReply($"You said {heard} That is a long story, and I tell it again and again, so that the line can break in the middle of it."),
                };
            };
            gaps.AddRange(await Task.WhenAll(batch.Select(async i =>
            {
                var (gap, hasBooked, wasTold) = await LoseAsync(Caller(i), IsBooking(i));
                Interlocked.Add(ref booked, hasBooked ? 1 : 0);
                Interlocked.Add(ref told, wasTold ? 1 : 0);
                return gap;
            })));
        }

        gaps.Count.ShouldBe(calls);
        var p95 = gaps.Order().ElementAt((int)Math.Ceiling(gaps.Count * 0.95) - 1);
        TestContext.Current.TestOutputHelper?.WriteLine($"first sound after {gaps.Order().ElementAt(gaps.Count / 2):0} ms (p50), {p95:0} ms (p95), {gaps.Max():0} ms (slowest) of {gaps.Count} calls; {told} had told us something, {booked} had booked");
        told.ShouldBeGreaterThan(calls / 2, "else the deaths come too early to show anything");
        p95.ShouldBeLessThan(3000, "1.2 s on a machine of one's own");
    }

    private static bool IsBooking(int call) => call % 5 == 4;

    private static string Caller(int call) => $"+1206777{call:0000}";

    private static bool Knows(CompletionRequest request, string words) => request.Messages.Any(m => m.Content?.Contains(words, StringComparison.Ordinal) is true);

    /// <summary>Arguments of a booking: each its own time.</summary>
    private static string Slot(int number) => $$"""{"service":"checkup","date":"{{NextWeekday(8 + (number / 6))}}","time":"{{9 + (number % 6):00}}:00","name":"Ana Silva"}""";

    [Theory]
    [InlineData(0)]
    [InlineData(-100)]
    [InlineData(400)]
    public async Task A_call_that_Vapi_ended_is_over_also_when_the_word_of_it_comes_late(int toldAfterMilliseconds)
    {
        voice.MakeWell();
        voice.Bypass = _ => new BypassPlan { Reply = _ => new BypassReply("Goodbye.") { EndsCall = true }, EndToldAfter = TimeSpan.FromMilliseconds(toldAfterMilliseconds) };
        await using var phone = await voice.CallAsync(Cancellation);
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("That was all.", Cancellation);
        await phone.Over.WaitAsync(TimeSpan.FromSeconds(15), Cancellation);
        phone.Verbs.Where(v => v is not ("Play" or "Redirect")).ShouldBe(["Connect", "Hangup"]);
        phone.HeardText.ShouldNotContain("cut off");
    }

    [Fact]
    public async Task The_caller_is_told_of_a_booking_whose_answer_the_cut_swallowed_and_there_is_one()
    {
        voice.MakeWell();
        voice.Language.Script = _ => CompletionAnswer.Say("You are welcome.");
        var day = NextWeekday();
        voice.Bypass = _ => new BypassPlan
        {
            Reply = _ => new BypassReply("") // it dies before it can say what came of it
            {
                Tool = ("book_appointment", $$"""{"service":"checkup","date":"{{day}}","time":"10:00"}"""),
            },
            Death = BypassDeath.Silent,
            DiesAfter = TimeSpan.FromSeconds(9),
        };
        await using var phone = await voice.CallAsync(Cancellation);
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("Book me in at ten, please.", Cancellation);
        await phone.HearAsync("cut off", Cancellation, TimeSpan.FromSeconds(25));
        voice.Services.GetRequiredService<CallRegistry>().Taken.ShouldBe(1, "what the webhook prepared is what the stream uses");
        await phone.ListenAsync(Cancellation);
        await phone.HangUpAsync();
        await using var source = NpgsqlDataSource.Create(voice.ConnectionString);
        await using var row = source.CreateCommand("select string_agg(result, ' | '), (select count(*) from appointment where booked_in_call = $1) from tool_call_ledger where call_id = $1");
        row.Parameters.AddWithValue(voice.RecordOf(phone.CallSid)!.CallId);
        await using var written = await row.ExecuteReaderAsync(Cancellation);
        await written.ReadAsync(Cancellation);
        var (result, booked) = (written.GetString(0), written.GetInt64(1));
        result.ShouldStartWith("Booked: Check-up with Doctor Alice Nguyen");
        booked.ShouldBe(1);
        phone.HeardText.ShouldContain("cut off for a moment. Booked. Check-up with Doctor Alice Nguyen");
    }

    [Fact]
    public async Task A_call_whose_stream_breaks_on_the_way_goes_on_and_remembers()
    {
        voice.MakeWell();
        voice.Language.Script = request => CompletionAnswer.Say(request.Messages.Any(m => m.Content?.Contains("blue umbrella", StringComparison.Ordinal) is true) ? "The blue umbrella, I know." : "I do not know.");
        await using var phone = await TwilioPhone.CallAsync(voice.Phone() with { To = "+12065550199" }, Cancellation); // a line that Vapi does not know
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("My blue umbrella.", Cancellation);
        await phone.ListenAsync(Cancellation);
        phone.DropStream();
        await phone.HearAsync("cut off", Cancellation);
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("What was it that I lost?", Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("The blue umbrella, I know.");
        await phone.HangUpAsync();
        phone.Verbs.ShouldBe(["Connect", "Connect"]);
        CallState? call = null;
        await Eventually.IsTrueAsync(async () => (call = await StoredCalls.FindAsync(voice.ConnectionString, phone.CallSid)) is { IsEnded: true, Legs.Count: 2 }, TimeSpan.FromSeconds(15), "the two streams are not one call that is over");
        call!.EndedReason.ShouldBe("customer-ended-call");
        call.Legs.Select(l => l.EndedReason).ShouldContain("pipeline.error-stream-lost");
    }

    [Fact]
    public async Task A_call_whose_replica_is_gone_goes_on_at_the_one_that_Twilio_asks_next()
    {
        voice.MakeWell();
        // This replica has never heard of the call; it asks what becomes of one whose stream has ended.
        await using var phone = await TwilioPhone.CallAsync(voice.Phone() with { VoiceUrl = voice.Url + "/twilio/after-stream?leg=1&assistant=receptionist" }, Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("Harbor Street Clinic, how can I help you?");
        await phone.HangUpAsync();
    }

    /// <summary>Milliseconds from the death of Vapi's side to the first word of ours.</summary>
    private async Task<(double Gap, bool HasBooked, bool WasTold)> LoseAsync(string from, bool isBooking)
    {
        await using var phone = await TwilioPhone.CallAsync(voice.Phone(from), Cancellation);
        await phone.ListenAsync(Cancellation, TimeSpan.FromMilliseconds(300));
        await phone.SayAsync(isBooking ? "A check-up, please." : "My blue umbrella.", Cancellation);
        await phone.HearAsync("cut off", Cancellation, TimeSpan.FromSeconds(30));
        var record = voice.RecordOf(phone.CallSid)!;
        var first = phone.Record.OnsetAfter(record.DiedAt);
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync(isBooking ? "Am I booked?" : "What was it that I lost?", Cancellation);
        var answer = await phone.ListenAsync(Cancellation);
        await phone.HangUpAsync();
        var bookings = isBooking ? await BookingsAsync(record.CallId) : 0;
        var wasTold = !record.Told.IsEmpty; // what Vapi had told nobody when it died nobody can know
        string[] right = isBooking ? [bookings == 1 ? "Yes, you are booked." : "No, you are not."] : wasTold ? ["The blue umbrella, I know."] : ["The blue umbrella, I know.", "I do not know."];
        right.ShouldContain(answer, $"{bookings} bookings; told {wasTold}; {phone.HeardText}");
        phone.Verbs.Where(v => v is not ("Play" or "Redirect")).ShouldBe(["Connect", "Connect"]);
        phone.Record.Violations.ShouldBeEmpty();
        CallState? call = null; // Vapi's side is dead and leaves no report
        await Eventually.IsTrueAsync(async () => (call = await StoredCalls.FindAsync(voice.ConnectionString, phone.CallSid)) is { IsEnded: true, Legs.Count: 2 }, TimeSpan.FromSeconds(15), "the two sides are not one call that is over");
        call!.EndedReason.ShouldBe("customer-ended-call");
        call.Legs.Select(l => l.Side).Order(StringComparer.Ordinal).ShouldBe(["own", "vapi"]);
        return (phone.Elapsed(record.DiedAt, first).TotalMilliseconds, bookings == 1, wasTold);
    }

    private async Task<long> BookingsAsync(string vapiCall)
    {
        await using var source = NpgsqlDataSource.Create(voice.ConnectionString);
        await using var command = source.CreateCommand("select count(*) from appointment where booked_in_call = $1");
        command.Parameters.AddWithValue(vapiCall);
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private static string NextWeekday(int days = 7)
    {
        var day = TimeProvider.System.GetUtcNow().AddDays(days);
        while (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
        {
            day = day.AddDays(1);
        }

        return day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
    }
}
