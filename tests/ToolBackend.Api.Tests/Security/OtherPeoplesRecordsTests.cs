using System.Text.Json.Nodes;
using ToolBackend.Api.Tests.Webhooks;
using ToolBackend.Core.Calls;
using ToolBackend.Core.Data.Seeding;

namespace ToolBackend.Api.Tests.Security;

/// <summary>S9: caller A asks for caller B's records. B is Marcus Bell: parcels TB1024 and TB4410, appointment HRB201.</summary>
public sealed class OtherPeoplesRecordsTests(PatientApi api) : IClassFixture<PatientApi>
{
    private const string Marcus = DemoSeed.OtherCallerPhone;

    /// <summary>What only Marcus may hear.</summary>
    private static readonly string[] s_marcus = ["Puget Audio", "Consultation with", "Filling with", "Marcus", "Bell,", "12065550143"];

    private static int s_callers;

    public static TheoryData<string, string> Probes { get; } = new()
    {
        { "track_shipment", """{"trackingNumber":"TB1024"}""" },
        { "track_shipment", """{"trackingNumber":"TB1024","name":"Silva"}""" },
        { "track_shipment", """{"trackingNumber":"TB1024","name":"Marcus"}""" }, // a first name is guessed too easily
        { "track_shipment", """{"trackingNumber":"TB1024","name":"%"}""" },
        { "track_shipment", """{"trackingNumber":"TB1024","name":"Bell Silva"}""" },
        { "track_shipment", """{"trackingNumber":"+12065550143"}""" },
        { "track_shipment", """{"trackingNumber":"TB1024","phone":"+12065550143","customerNumber":"+12065550143","caller":"+12065550143"}""" },
        { "track_shipment", """{"name":"Marcus Bell"}""" },
        { "list_shipments", """{"phone":"+12065550143","name":"Marcus Bell","customer_id":2}""" },
        { "list_appointments", """{"name":"Marcus Bell"}""" },
        { "list_appointments", """{"reference":"HRB201"}""" },
        { "list_appointments", """{"reference":"HRB201","name":"Marcus"}""" },
        { "list_appointments", """{"reference":"HRB201","name":"Silva"}""" },
        { "cancel_appointment", """{"reference":"HRB201","confirmed":true}""" },
        { "cancel_appointment", """{"reference":"HRB201","name":"Nguyen","confirmed":true}""" },
        { "reschedule_appointment", """{"reference":"HRB201","newDate":"tomorrow","newTime":"3 PM","confirmed":true}""" },
        { "change_delivery", """{"trackingNumber":"TB4410","safePlace":"my own porch"}""" },
        { "change_delivery", """{"trackingNumber":"TB4410","name":"Belle","pickupPoint":"Union Market"}""" },
    };

    [Theory]
    [MemberData(nameof(Probes))]
    public async Task S9_nothing_of_another_caller_is_told_or_touched(string tool, string arguments)
    {
        var before = await StateAsync();
        foreach (var caller in new[] { NewCaller(), null })
        {
            var reply = await api.PostToolCallAsync(tool, arguments, caller: caller);
            s_marcus.ShouldAllBe(secret => !reply.Say.Contains(secret));
        }

        (await StateAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task S9_a_customer_with_records_of_their_own_hears_only_those()
    {
        // TB1024 is one slip of the tongue away from Ana's TB1042: she hears of hers, whoever's the number is.
        (await api.PostToolCallAsync("track_shipment", """{"trackingNumber":"TB1024"}""", caller: DemoSeed.CallerPhone)).Say.ShouldContain("Northwind Books");
        (await api.PostToolCallAsync("list_shipments", """{"name":"Bell"}""", caller: DemoSeed.CallerPhone)).Say.ShouldNotContain("Puget Audio");
        (await api.PostToolCallAsync("list_appointments", """{"reference":"HRB201"}""", caller: DemoSeed.CallerPhone)).Say.ShouldContain("Check-up with Doctor Alice Nguyen");
        (await api.PostToolCallAsync("list_appointments", """{"reference":"HRB201","name":"Bellamy"}""", caller: DemoSeed.CallerPhone)).Say.ShouldContain("Check-up with Doctor Alice Nguyen");
    }

    [Fact]
    public async Task S9_the_right_name_beats_a_near_miss_among_ones_own()
    {
        // HRB201 is one digit from Ana's own HRB101: with the name on it she means what she says, and must not be asked about hers.
        (await api.PostToolCallAsync("cancel_appointment", """{"reference":"HRB201","name":"Bell"}""", caller: DemoSeed.CallerPhone)).Say.ShouldContain("shall I cancel your Consultation");
        (await api.PostToolCallAsync("track_shipment", """{"trackingNumber":"TB1024","name":"Bell"}""", caller: DemoSeed.CallerPhone)).Say.ShouldContain("Puget Audio");
    }

    [Theory]
    [InlineData("track_shipment", """{"trackingNumber":"TB1024"}""", """{"trackingNumber":"TB9924"}""")]
    [InlineData("track_shipment", """{"trackingNumber":"TB1024","name":"Silva"}""", """{"trackingNumber":"TB9924","name":"Silva"}""")]
    [InlineData("change_delivery", """{"trackingNumber":"TB4410","safePlace":"x"}""", """{"trackingNumber":"TB9410","safePlace":"x"}""")]
    [InlineData("list_appointments", """{"reference":"HRB201"}""", """{"reference":"HRB991"}""")]
    [InlineData("list_appointments", """{"reference":"HRB201","name":"Silva"}""", """{"reference":"HRB991","name":"Silva"}""")]
    [InlineData("cancel_appointment", """{"reference":"HRB201"}""", """{"reference":"HRB991"}""")]
    [InlineData("reschedule_appointment", """{"reference":"HRB201","newDate":"tomorrow","newTime":"3 PM"}""", """{"reference":"HRB991","newDate":"tomorrow","newTime":"3 PM"}""")]
    public async Task S9_unknown_and_unproven_sound_exactly_the_same(string tool, string theirs, string nobodys)
    {
        var unproven = await api.PostToolCallAsync(tool, theirs, caller: NewCaller());
        var unknown = await api.PostToolCallAsync(tool, nobodys, caller: NewCaller());
        unproven.Say.ShouldBe(unknown.Say);
        (unproven.Result is null).ShouldBe(unknown.Result is null);
    }

    [Theory]
    [InlineData("track_shipment", """{"trackingNumber":"TB1024","name":"Bell"}""", "Puget Audio")]
    [InlineData("track_shipment", """{"trackingNumber":"T B one oh two four","name":"marcus BELL"}""", "Puget Audio")]
    [InlineData("list_appointments", """{"reference":"HRB201","name":"Bell"}""", "Consultation with Doctor Alice Nguyen")]
    [InlineData("cancel_appointment", """{"reference":"H R B two zero one","name":"Marcus Bell."}""", "shall I cancel your Consultation")]
    public async Task S9_the_code_and_the_right_family_name_open_a_record(string tool, string arguments, string expected)
    {
        (await api.PostToolCallAsync(tool, arguments, caller: NewCaller())).Say.ShouldContain(expected);
        (await api.PostToolCallAsync(tool, arguments)).Say.ShouldContain(expected);
    }

    [Fact]
    public async Task S9_enumeration_ends_within_ten_tries_and_a_right_guess_after_them_opens_nothing()
    {
        var (caller, call) = (NewCaller(), Message.NewId());
        for (var i = 0; i < LookupThrottle.Limit; i++)
        {
            (await api.PostToolCallAsync("track_shipment", $$"""{"trackingNumber":"TB{{7000 + i}}","name":"Bell"}""", call, caller: caller)).Say.ShouldContain("No parcel was found");
        }

        await BlockedAsync(caller, call); // this call
        await BlockedAsync(caller, Message.NewId()); // another call of the same number
        await BlockedAsync(null, call); // the same call, had the number been left out
        (await api.PostToolCallAsync("track_shipment", """{"trackingNumber":"TB1024","name":"Bell"}""", caller: NewCaller())).Say.ShouldContain("Puget Audio"); // nobody else
    }

    [Fact]
    public async Task S9_a_hundred_guesses_in_one_message_are_ten()
    {
        var list = new JsonArray([.. Enumerable.Range(0, 100).Select(i => (JsonNode)new JsonObject
        {
            ["id"] = $"t{i}",
            ["name"] = i % 2 == 0 ? "track_shipment" : "list_appointments",
            ["arguments"] = i % 2 == 0
                ? new JsonObject { ["trackingNumber"] = "TB1024", ["name"] = $"Guess{(char)('a' + (i % 26))}" }
                : new JsonObject { ["reference"] = "HRB201", ["name"] = $"Guess{(char)('a' + (i % 26))}" },
        })]);
        var caller = NewCaller();
        var reply = await api.Node.PostAsync(Message.ToolCalls(list.ToJsonString(), caller: caller));
        reply.Results.Count.ShouldBe(100);
        reply.Results.Count(r => Said(r).Contains("For security I can't look up")).ShouldBe(100 - LookupThrottle.Limit);
        s_marcus.ShouldAllBe(secret => !reply.Text.Contains(secret));
        await BlockedAsync(caller, Message.NewId());
    }

    [Fact]
    public async Task S9_who_is_blocked_still_reaches_their_own_records()
    {
        const string priya = "+12065550144";
        await api.QueryAsync("""
            insert into shipment (tracking_number, customer_id, sender_name, status, destination_city, time_zone, promised_on, delivered_at, updated_at)
            select 'TBOLD77', customer_id, 'Old Town Records', 'delivered', 'Seattle', 'America/Los_Angeles', current_date - 40, now() - interval '40 days', now() - interval '40 days'
            from customer where phone = '+12065550144'
            """);
        for (var i = 0; i < LookupThrottle.Limit + 1; i++)
        {
            await api.PostToolCallAsync("list_appointments", $$"""{"reference":"QQQ{{100 + i}}","name":"Bell"}""", caller: priya);
        }

        (await api.PostToolCallAsync("track_shipment", """{"trackingNumber":"TB1024","name":"Bell"}""", caller: priya)).Say.ShouldContain("For security I can't look up");
        (await api.PostToolCallAsync("track_shipment", """{"trackingNumber":"TB5120"}""", caller: priya)).Say.ShouldContain("Rainier Garden");
        (await api.PostToolCallAsync("track_shipment", """{"trackingNumber":"TB 5120"}""", caller: priya)).Say.ShouldContain("Rainier Garden");
        (await api.PostToolCallAsync("track_shipment", """{"trackingNumber":"TB5220"}""", caller: priya)).Say.ShouldContain("Rainier Garden"); // a near miss among their own
        (await api.PostToolCallAsync("track_shipment", """{"trackingNumber":"TBOLD77"}""", caller: priya)).Say.ShouldContain("Old Town Records"); // too old for the list of open ones
        (await api.PostToolCallAsync("track_shipment", caller: priya)).Say.ShouldContain("Rainier Garden");
        (await api.PostToolCallAsync("list_appointments", caller: priya)).Say.ShouldContain("Check-up with Doctor Ben Ortiz");
        (await api.PostToolCallAsync("list_appointments", """{"reference":"HRB301"}""", caller: priya)).Say.ShouldContain("Check-up with Doctor Ben Ortiz");
        (await api.PostToolCallAsync("cancel_appointment", """{"reference":"HRB301"}""", caller: priya)).Say.ShouldContain("shall I cancel your Check-up");
    }

    [Fact]
    public async Task S9_looking_up_ones_own_records_uses_up_no_tries()
    {
        const string tom = "+12065550145";
        var call = Message.NewId();
        for (var i = 0; i < 3 * LookupThrottle.Limit; i++)
        {
            (await api.PostToolCallAsync("list_appointments", """{"reference":"HRB401"}""", call, caller: tom)).Say.ShouldContain("Cleaning with Dana Whitfield");
            (await api.PostToolCallAsync("track_shipment", """{"trackingNumber":"TB1024","name":"Bell"}""", call, caller: tom)).Say.ShouldContain("Puget Audio");
        }
    }

    private async Task BlockedAsync(string? caller, string call)
    {
        const string refusal = "For security I can't look up any more records on this call. Offer to transfer the caller to a person.";
        (await api.PostToolCallAsync("track_shipment", """{"trackingNumber":"TB1024","name":"Bell"}""", call, caller: caller)).Say.ShouldBe(refusal);
        (await api.PostToolCallAsync("list_appointments", """{"reference":"HRB201","name":"Bell"}""", call, caller: caller)).Say.ShouldBe(refusal);
        (await api.PostToolCallAsync("cancel_appointment", """{"reference":"HRB201","name":"Bell"}""", call, caller: caller)).Say.ShouldBe(refusal);
    }

    private static string Said(JsonNode result) => (result["result"] ?? result["error"])!.GetValue<string>();

    /// <summary>A number that nobody has, so that no test uses up another's tries.</summary>
    private static string NewCaller() => $"+1206556{Interlocked.Increment(ref s_callers):D4}";

    private async Task<object?> StateAsync() => await api.QueryAsync(
        "select (select string_agg(a::text, ';' order by reference) from appointment a) || (select string_agg(s::text, ';' order by tracking_number) from shipment s) || (select count(*) from delivery_change)");
}
