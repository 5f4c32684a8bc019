using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ToolBackend.Api.Tests.Webhooks;
using ToolBackend.Core.Data.Seeding;
using ToolBackend.Testing;

namespace ToolBackend.Api.Tests.Security;

/// <summary>Neither a mishearing nor an injected instruction destroys a booking: the server holds the question.</summary>
public sealed class ConfirmationTests(ConfirmationTests.Clocked api) : IClassFixture<ConfirmationTests.Clocked>
{
    private const string Yes = """{"reference":"HRB101","confirmed":true}""";
    private const string First = """{"reference":"HRB101"}""";

    [Theory]
    [InlineData("true")]
    [InlineData("\"yes\"")]
    [InlineData("\"true\"")]
    public async Task Confirmed_in_the_first_request_only_asks(string confirmed)
    {
        var reply = await CancelAsync($$"""{"reference":"HRB101","confirmed":{{confirmed}}}""");
        reply.Say.ShouldStartWith("Nothing is cancelled yet. Ask the caller: shall I cancel your Check-up with Doctor Alice Nguyen");
        await BookedAsync("HRB101");
    }

    [Theory]
    [InlineData("\"yes, because the caller's boss said so\"")]
    [InlineData("1")]
    [InlineData("\"no\"")]
    [InlineData("null")]
    public async Task Only_an_unmistakable_yes_confirms(string confirmed)
    {
        var call = Message.NewId();
        await CancelAsync(First, call);
        (await CancelAsync($$"""{"reference":"HRB101","confirmed":{{confirmed}}}""", call)).Say.ShouldStartWith("Nothing is cancelled yet.");
        await BookedAsync("HRB101");
    }

    [Theory]
    [InlineData(First, Yes)]
    [InlineData(Yes, Yes)]
    public async Task Both_steps_in_one_message_cancel_nothing(string one, string two)
    {
        var reply = await api.Node.PostAsync(Message.ToolCalls(
            $$"""[{"id":"a","name":"cancel_appointment","arguments":{{one}}},{"id":"b","name":"cancel_appointment","arguments":{{two}}},{"id":"c","name":"cancel_appointment","arguments":{{two}}}]"""));
        reply.Results.Count.ShouldBe(3);
        reply.Results.ShouldAllBe(r => r["result"]!.GetValue<string>().StartsWith("Nothing is cancelled yet."));
        await BookedAsync("HRB101");
    }

    [Fact]
    public async Task A_question_about_one_appointment_confirms_no_other()
    {
        var call = Message.NewId();
        var other = """{"reference":"HRB201","name":"Bell"}""";
        (await CancelAsync(other, call)).Say.ShouldContain("shall I cancel your Consultation");
        (await CancelAsync(Yes, call)).Say.ShouldStartWith("Nothing is cancelled yet. Ask the caller: shall I cancel your Check-up");
        await BookedAsync("HRB101");
        await BookedAsync("HRB201");
    }

    [Fact]
    public async Task A_question_of_one_call_is_not_answered_in_another()
    {
        await CancelAsync(First, "call-one");
        (await CancelAsync(Yes, "call-two")).Say.ShouldStartWith("Nothing is cancelled yet.");
        await BookedAsync("HRB101");
    }

    [Fact]
    public async Task A_question_to_cancel_does_not_confirm_a_move_nor_the_other_way_round()
    {
        var call = Message.NewId();
        await CancelAsync(First, call);
        (await MoveAsync("9 AM", call, confirmed: true)).Say.ShouldStartWith("Nothing is moved yet.");
        var second = Message.NewId();
        await MoveAsync("9 AM", second, confirmed: false);
        (await CancelAsync(Yes, second)).Say.ShouldStartWith("Nothing is cancelled yet.");
        await BookedAsync("HRB101");
    }

    [Fact]
    public async Task A_yes_that_comes_after_ten_minutes_is_asked_for_again()
    {
        var call = Message.NewId();
        await CancelAsync(First, call);
        var before = api.Clock.Now;
        api.Clock.Now = before.AddMinutes(10).AddSeconds(1);
        try
        {
            (await CancelAsync(Yes, call)).Say.ShouldStartWith("Nothing is cancelled yet.");
            await BookedAsync("HRB101");
        }
        finally
        {
            api.Clock.Now = before;
        }
    }

    [Fact]
    public async Task A_yes_to_one_time_does_not_move_to_another()
    {
        var call = Message.NewId();
        (await MoveAsync("9 AM", call, confirmed: false)).Say.ShouldContain("at 9 AM?");
        (await MoveAsync("3 PM", call, confirmed: true)).Say.ShouldStartWith("Nothing is moved yet.");
        await BookedAsync("HRB101");
    }

    [Fact]
    public async Task A_redelivered_yes_without_its_question_stays_a_question()
    {
        var call = Message.NewId();
        var first = await CancelAsync(Yes, call, "tool-1");
        (await CancelAsync(Yes, call, "tool-1")).Say.ShouldBe(first.Say);
        first.Say.ShouldStartWith("Nothing is cancelled yet.");
        await BookedAsync("HRB101");
    }

    [Fact]
    public async Task Asked_and_answered_cancels_once()
    {
        // Grace Lindholm's, so that the other tests keep theirs.
        var call = Message.NewId();
        const string caller = "+12065550146";
        (await api.PostToolCallAsync("cancel_appointment", "{}", call, caller: caller)).Say.ShouldStartWith("Nothing is cancelled yet.");
        (await api.PostToolCallAsync("cancel_appointment", """{"confirmed":true}""", call, caller: caller)).Say.ShouldStartWith("Cancelled: Check-up with Doctor Alice Nguyen");
        (await api.PostToolCallAsync("cancel_appointment", """{"confirmed":true}""", call, caller: caller)).Say.ShouldContain("already cancelled");
        (await api.QueryAsync("select status from appointment where reference = 'HRB501'")).ShouldBe("cancelled");
    }

    private Task<ToolCallReply> CancelAsync(string arguments, string? call = null, string? toolCall = null) =>
        api.PostToolCallAsync("cancel_appointment", arguments, call, toolCall, DemoSeed.CallerPhone, api.Clock.Now.AddMilliseconds(Random.Next(1_000_000)));

    private async Task<ToolCallReply> MoveAsync(string time, string call, bool confirmed)
    {
        // A day of the week after next on which Doctor Nguyen works and has nothing booked.
        var day = (string)(await api.QueryAsync("""
            select to_char(d, 'YYYY-MM-DD') from generate_series((now() at time zone 'America/Los_Angeles')::date + 14, (now() at time zone 'America/Los_Angeles')::date + 24, interval '1 day') d
            where extract(isodow from d) = 2 limit 1
            """))!;
        return await api.PostToolCallAsync(
            "reschedule_appointment", $$"""{"reference":"HRB101","newDate":"{{day}}","newTime":"{{time}}","confirmed":{{(confirmed ? "true" : "false")}}}""", call, caller: DemoSeed.CallerPhone);
    }

    private async Task BookedAsync(string reference)
    {
        (await api.QueryAsync($"select status from appointment where reference = '{reference}'")).ShouldBe("booked");
        (await api.QueryAsync($"select updated_at = created_at from appointment where reference = '{reference}'")).ShouldBe(true, "untouched");
    }

    private Random Random { get; } = new(20261201);

    public sealed class Clocked(PostgresCluster cluster, RedisServer redis) : PatientApi(cluster, redis)
    {
        public SetClock Clock { get; } = new();

        protected override Action<WebApplicationBuilder> Adjust => builder => builder.Services.AddSingleton<TimeProvider>(Clock);
    }
}
