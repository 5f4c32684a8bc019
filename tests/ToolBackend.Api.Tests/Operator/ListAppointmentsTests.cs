using System.Globalization;
using ToolBackend.Core.Data.Seeding;

namespace ToolBackend.Api.Tests.Operator;

public sealed class ListAppointmentsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Phone = "%2B12065550142";

    [Fact]
    public async Task Lists_all_demo_appointments_by_start()
    {
        var page = await api.Operator.GetJsonAsync("/appointments");
        page.Strings("reference").ShouldBe(["HRB101", "HRB102", "HRB201", "HRB202", "HRB301", "HRB401", "HRB402", "HRB501"], ignoreOrder: true);
        page.Strings("starts").Select(Moment).ShouldBeInOrder();
        page.Next().ShouldBeNull();
    }

    [Fact]
    public async Task An_appointment_carries_the_offset_of_its_location()
    {
        var page = await api.Operator.GetJsonAsync($"/appointments?phone={Phone}&status=booked");
        var item = page.Items().ShouldHaveSingleItem();
        item.GetProperty("reference").GetString().ShouldBe(DemoSeed.CallerReference);
        item.GetProperty("practitioner").GetProperty("name").GetString().ShouldBe("Doctor Alice Nguyen");
        item.GetProperty("location").GetProperty("name").GetString().ShouldBe(DemoSeed.Clinic);
        item.GetProperty("customer").GetProperty("phone").GetString().ShouldBe(DemoSeed.CallerPhone);
        item.GetProperty("service").GetString().ShouldBe("Check-up");
        item.GetProperty("cancelledAt").GetString().ShouldBeNull();

        var starts = item.GetProperty("starts").GetString()!;
        starts.ShouldContain("T10:00:00-0");
        Moment(starts).Offset.ShouldBe(TimeZoneInfo.FindSystemTimeZoneById("America/Los_Angeles").GetUtcOffset(Moment(starts)));
        (Moment(item.GetProperty("ends").GetString()!) - Moment(starts)).ShouldBe(TimeSpan.FromMinutes(30));
    }

    [Fact]
    public async Task A_day_is_the_day_on_the_clock_of_the_location()
    {
        // 23:30 on Friday in Auckland is Friday morning in UTC; 00:30 on Saturday there is still Friday in UTC.
        await api.QueryAsync("""
            with here as (insert into location (name, time_zone) values ('Far branch', 'Pacific/Auckland') returning location_id),
                 person as (insert into practitioner (location_id, name) select location_id, 'Night Owl' from here returning practitioner_id, location_id),
                 offer as (insert into practitioner_service select practitioner_id, (select min(service_id) from service) from person returning practitioner_id, service_id)
            insert into appointment (reference, customer_id, practitioner_id, location_id, service_id, visit, occupied)
            select reference, (select min(customer_id) from customer), person.practitioner_id, location_id, service_id, during, during
            from person, offer, (values ('FAR001', tstzrange('2030-06-07 11:30+00', '2030-06-07 12:00+00')), ('FAR002', tstzrange('2030-06-07 12:30+00', '2030-06-07 13:00+00'))) v (reference, during)
            """);
        try
        {
            (await api.Operator.GetJsonAsync("/appointments?day=2030-06-07")).Strings("reference").ShouldBe(["FAR001"]);
            var saturday = await api.Operator.GetJsonAsync("/appointments?day=2030-06-08");
            saturday.Strings("reference").ShouldBe(["FAR002"]);
            saturday.Strings("starts").ShouldBe(["2030-06-08T00:30:00+12:00"]);
        }
        finally
        {
            await api.QueryAsync("delete from appointment where reference like 'FAR%'");
        }
    }

    [Theory]
    [InlineData("nguyen", new[] { "HRB101", "HRB201", "HRB501" })]
    [InlineData("Dana%20Whitfield", new[] { "HRB102", "HRB401" })]
    [InlineData("%25", new string[0])]
    [InlineData("_____", new string[0])]
    [InlineData("2147483647", new string[0])]
    public async Task A_practitioner_is_found_by_part_of_the_name(string practitioner, string[] expected) =>
        (await api.Operator.GetJsonAsync($"/appointments?practitioner={practitioner}")).Strings("reference").ShouldBe(expected, ignoreOrder: true);

    [Fact]
    public async Task A_practitioner_is_found_by_id()
    {
        var id = (int)(await api.QueryAsync("select practitioner_id from practitioner where name = 'Doctor Ben Ortiz'"))!;
        (await api.Operator.GetJsonAsync($"/appointments?practitioner={id}")).Strings("reference").ShouldBe(["HRB202", "HRB301", "HRB402"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("?phone=%2B12065550142")]
    [InlineData("?phone=+12065550142")] // an unescaped plus is a space
    [InlineData("?phone=%2B1%20(206)%20555-0142")]
    public async Task A_phone_number_is_read_in_the_query(string query) =>
        (await api.Operator.GetJsonAsync("/appointments" + query)).Strings("reference").ShouldBe(["HRB102", "HRB101"]);

    [Fact]
    public async Task A_phone_number_is_read_in_a_header_which_keeps_it_out_of_access_logs()
    {
        using var client = api.Node.NewClient();
        client.DefaultRequestHeaders.Add("Authorization", $"Bearer {ApiNode.OperatorKey}");
        client.DefaultRequestHeaders.Add("X-Phone", DemoSeed.CallerPhone);
        (await client.GetJsonAsync("/appointments")).Strings("reference").ShouldBe(["HRB102", "HRB101"]);
        await client.ShouldRefuseAsync($"/appointments?phone={Phone}", "phone");
    }

    [Fact]
    public async Task An_unknown_number_has_no_appointments() => (await api.Operator.GetJsonAsync("/appointments?phone=%2B12065559999")).Items().ShouldBeEmpty();

    [Fact]
    public async Task Pages_join_to_the_whole_list_even_where_starts_are_equal()
    {
        var whole = (await api.Operator.GetJsonAsync("/appointments")).Strings("reference").ToList();
        List<string> joined = [];
        string? after = null;
        do
        {
            var page = await api.Operator.GetJsonAsync($"/appointments?limit=3{(after is null ? "" : $"&after={after}")}");
            page.Items().Count().ShouldBeInRange(1, 3);
            joined.AddRange(page.Strings("reference"));
            after = page.Next();
        }
        while (after is not null);

        joined.ShouldBe(whole);
    }

    [Fact]
    public Task What_cannot_be_used_is_named_as_the_client_wrote_it() => api.Operator.ShouldRefuseAsync(
        "/appointments?day=12/01/2026&status=BOOKED&limit=0&after=xyz&phone=555&practitioner=%00", "day", "status", "limit", "after", "phone", "practitioner");

    [Theory]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("day=2026-02-30", "day")]
    [InlineData("day=0001-01-01", "day")]
    [InlineData("practitioner=", "practitioner")]
    [InlineData("after=OTk5OTk5OTk5OTk5OTk5OTk5OTkuMQ", "after")] // ticks beyond the calendar
    [InlineData("after=MS4y;MQ", "after")]
    public Task Values_out_of_range_are_refused(string query, string parameter) => api.Operator.ShouldRefuseAsync("/appointments?" + query, parameter);

    [Fact]
    public async Task An_unknown_parameter_is_ignored() => (await api.Operator.GetJsonAsync("/appointments?colour=red")).Items().Count().ShouldBeGreaterThanOrEqualTo(8);

    private static DateTimeOffset Moment(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
