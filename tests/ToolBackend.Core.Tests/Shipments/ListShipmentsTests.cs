using ToolBackend.Core.Tests.Tools;

namespace ToolBackend.Core.Tests.Shipments;

public sealed class ListShipmentsTests(ToolDesk desk) : IClassFixture<ToolDesk>
{
    private Task<string> ListAsync(string? caller) => desk.SayAsync("list_shipments", new { }, caller);

    [Fact]
    public async Task Open_and_just_delivered_parcels_are_told_without_their_numbers()
    {
        var said = await ListAsync(ToolDesk.Ana);
        said.ShouldBe("The caller has three parcels: one from Cascade Outfitters, ready to be picked up; one from Northwind Books, due tomorrow; and one from Lakeside Coffee, already delivered.");
        (await ListAsync(ToolDesk.Marcus)).ShouldBe(
            $"The caller has two parcels: one from Puget Audio, out for delivery now, and one from Northwind Books, due {ToolDesk.On(ToolDesk.Today.PlusDays(4))}.");
    }

    [Fact]
    public async Task A_single_parcel_is_one_plain_sentence()
    {
        (await ListAsync(ToolDesk.Priya)).ShouldBe("The caller has one parcel from Rainier Garden, delayed.");
        (await ListAsync(ToolDesk.Tom)).ShouldBe("The caller has one parcel from Cascade Outfitters, sent back.");
    }

    [Fact]
    public async Task More_than_four_are_not_all_read_out()
    {
        await desk.Database.ExecuteAsync("""
            insert into customer (phone, name) values ('+12065559400', 'Pia Parcels');
            insert into shipment (tracking_number, customer_id, sender_name, status, destination_city, time_zone, promised_on)
            select 'PP100' || n, customer_id, 'Sender ' || n, case n when 1 then 'exception' else 'in_transit' end, 'Seattle', 'America/Los_Angeles', (now() at time zone 'America/Los_Angeles')::date - 3 + n
            from customer, generate_series(1, 5) n where phone = '+12065559400'
            """);
        (await ListAsync("+12065559400")).ShouldBe(
            $"The caller has five parcels. The first four are one from Sender 1, delayed; one from Sender 2, which was due yesterday; one from Sender 3, due today; and one from Sender 4, due tomorrow.");
    }

    [Fact]
    public async Task Without_parcels_or_without_a_number_the_tracking_number_is_asked_for()
    {
        (await ListAsync(ToolDesk.Grace)).ShouldBe("There is no parcel on its way to this number. If the caller has a tracking number, ask for it and for the family name on the parcel.");
        (await ListAsync(caller: null)).ShouldBe("Ask the caller for the tracking number and the family name on the parcel.");
    }
}
