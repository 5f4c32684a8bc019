using System.Net;
using ToolBackend.Core.Data.Seeding;

namespace ToolBackend.Api.Tests.Operator;

public sealed class GetShipmentTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("TB1042")]
    [InlineData("tb-10%2042")]
    public async Task A_shipment_comes_with_its_scans_newest_first(string written)
    {
        var shipment = await api.Operator.GetJsonAsync($"/shipments/{written}");
        shipment.GetProperty("trackingNumber").GetString().ShouldBe("TB1042");
        shipment.GetProperty("status").GetString().ShouldBe("in_transit");
        shipment.GetProperty("sender").GetString().ShouldBe("Northwind Books");
        shipment.GetProperty("recipient").GetProperty("phone").GetString().ShouldBe(DemoSeed.CallerPhone);
        shipment.GetProperty("windowStart").GetString().ShouldBe("14:00:00");
        shipment.GetProperty("scans").EnumerateArray().Select(s => s.GetProperty("place").GetString()).ShouldBe(["Tacoma hub", "Tacoma hub", "Portland hub", "Portland"]);
        var scanned = shipment.GetProperty("scans")[0].GetProperty("at").GetString()!;
        scanned.ShouldContain("T19:45:00-0");
        shipment.GetProperty("changes").EnumerateArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_pickup_point_is_named() =>
        (await api.Operator.GetJsonAsync("/shipments/TB2077")).GetProperty("pickupPoint").GetString().ShouldBe("Pine Street Locker");

    [Fact]
    public async Task Delivery_changes_are_shown_with_the_call_that_asked()
    {
        await api.QueryAsync("insert into delivery_change (shipment_id, kind, safe_place, asked_in_call) select shipment_id, 'safe_place', 'back door', 'call-7' from shipment where tracking_number = 'TB4410'");
        await api.QueryAsync("""
            insert into delivery_change (shipment_id, kind, pickup_point_id, asked_in_call, created_at)
            select shipment_id, 'pickup_point', pickup_point.pickup_point_id, 'call-8', now() + interval '1 minute' from shipment, pickup_point
            where tracking_number = 'TB4410' and pickup_point.name = 'Union Market'
            """);
        var changes = (await api.Operator.GetJsonAsync("/shipments/TB4410")).GetProperty("changes").EnumerateArray().ToList();
        changes.Select(c => c.GetProperty("callId").GetString()).ShouldBe(["call-8", "call-7"]);
        changes.Select(c => c.GetProperty("kind").GetString()).ShouldBe(["pickup_point", "safe_place"]);
        changes[0].GetProperty("pickupPoint").GetString().ShouldBe("Union Market");
        changes[1].GetProperty("safePlace").GetString().ShouldBe("back door");
    }

    [Fact]
    public async Task An_unknown_number_is_404_with_problem_details()
    {
        var problem = await api.Operator.GetJsonAsync("/shipments/NOSUCH99", HttpStatusCode.NotFound);
        problem.GetProperty("status").GetInt32().ShouldBe(404);
        problem.GetProperty("detail").GetString().ShouldBe("There is no shipment with this tracking number.");
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTU")]
    [InlineData("TB1042'--")]
    public Task What_is_no_tracking_number_is_refused(string written) => api.Operator.ShouldRefuseAsync($"/shipments/{written}", "trackingNumber");
}
