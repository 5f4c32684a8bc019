using ToolBackend.Core.Shipments;
using ToolBackend.Core.Tests.Tools;

namespace ToolBackend.Core.Tests.Shipments;

public sealed class TrackShipmentTests(ToolDesk desk) : IClassFixture<ToolDesk>
{
    private const string NotFound =
        "No parcel was found with that number for this caller. Ask them to read the tracking number once more, slowly, and the family name on the parcel, then call the tool again with both.";

    private static readonly string s_onItsWay =
        $"The parcel from Northwind Books is on its way to Seattle, last seen in Tacoma hub yesterday at 7:45 PM. It is due tomorrow between 2 PM and 6 PM.";

    private Task<string> TrackAsync(object arguments, string? caller = ToolDesk.Ana) => desk.SayAsync("track_shipment", arguments, caller);

    [Theory]
    [InlineData("TB1042")]
    [InlineData("T B one oh four two")]
    [InlineData("tb-10-42")]
    [InlineData("tango bravo ten forty two")]
    public async Task A_number_is_understood_as_spoken(string spoken) => (await TrackAsync(new { trackingNumber = spoken })).ShouldBe(s_onItsWay);

    [Fact]
    public async Task A_near_miss_is_matched_among_ones_own_even_when_it_is_somebody_elses_number()
    {
        (await TrackAsync(new { trackingNumber = "TB1024" })).ShouldBe(s_onItsWay);
        (await TrackAsync(new { trackingNumber = "TB1024" }, ToolDesk.Marcus)).ShouldStartWith("The parcel from Puget Audio is out for delivery");
    }

    [Fact]
    public async Task Somebody_elses_parcel_and_an_unknown_number_sound_the_same()
    {
        (await TrackAsync(new { trackingNumber = "TB5120" })).ShouldBe(NotFound);
        (await TrackAsync(new { trackingNumber = "TB9999" })).ShouldBe(NotFound);
        (await TrackAsync(new { trackingNumber = "TB5120", name = "Priya" })).ShouldBe(NotFound);
        (await TrackAsync(new { trackingNumber = "I lost the slip" })).ShouldBe(NotFound);
    }

    [Fact]
    public async Task Number_and_family_name_together_open_a_parcel_from_any_phone()
    {
        (await TrackAsync(new { trackingNumber = "TB1042", name = "Silva" }, caller: null)).ShouldBe(s_onItsWay);
        (await TrackAsync(new { trackingNumber = "T B five one two oh", name = "Ms Raman" }, ToolDesk.Tom)).ShouldStartWith("The parcel from Rainier Garden is delayed");
    }

    [Fact]
    public async Task Without_a_number_the_only_open_parcel_is_told()
    {
        (await TrackAsync(new { }, ToolDesk.Priya)).ShouldStartWith("The parcel from Rainier Garden is delayed");
        (await TrackAsync(new { })).ShouldBe(
            "The caller has several parcels: one from Cascade Outfitters, ready to be picked up, and one from Northwind Books, due tomorrow. Ask which one they mean.");
        (await TrackAsync(new { }, ToolDesk.Tom)).ShouldBe(
            "There is no parcel on its way to this number. If the caller has a tracking number, ask for it and for the family name on the parcel.");
        (await TrackAsync(new { }, caller: null)).ShouldBe("Ask the caller for the tracking number and the family name on the parcel.");
    }

    [Fact]
    public async Task Each_status_has_its_sentence()
    {
        var today = ToolDesk.Today;
        (await TrackAsync(new { trackingNumber = "TB4410" }, ToolDesk.Marcus)).ShouldBe(
            $"The parcel from Northwind Books has been announced, but we have not received it yet. It is due {ToolDesk.On(today.PlusDays(4))}.");
        (await TrackAsync(new { trackingNumber = "TB1024" }, ToolDesk.Marcus)).ShouldBe(
            "The parcel from Puget Audio is out for delivery in Seattle. It should arrive today between 1 PM and 5 PM.");
        (await TrackAsync(new { trackingNumber = "TB2077" })).ShouldBe(
            "The parcel from Cascade Outfitters is ready to be picked up at Pine Street Locker, open every day, around the clock.");
        (await TrackAsync(new { trackingNumber = "TB3055" })).ShouldBe(
            $"The parcel from Lakeside Coffee was delivered {ToolDesk.On(today.PlusDays(-4))} at 3:20 PM and left at the front porch.");
        (await TrackAsync(new { trackingNumber = "TB5120" }, ToolDesk.Priya)).ShouldBe(
            $"The parcel from Rainier Garden is delayed, last seen in Seattle hub {ToolDesk.On(today.PlusDays(-2))} at 6 PM. It was due yesterday, and there is no new date yet. Apologize for the delay.");
        (await TrackAsync(new { trackingNumber = "TB6200" }, ToolDesk.Tom)).ShouldBe(
            "The parcel from Cascade Outfitters was sent back to the sender. The caller should contact Cascade Outfitters.");
    }

    [Theory]
    [InlineData("front porch", "at the front porch")]
    [InlineData("the back porch", "at the back porch")]
    [InlineData("My side door", "at your side door")]
    [InlineData("Behind my shed", "behind your shed")]
    [InlineData("with the neighbor", "with the neighbor")]
    [InlineData("Mrs. Lee's", "at Mrs. Lee's")]
    public void A_safe_place_is_said_as_one_would(string stored, string said) => ShipmentSentences.AtPlace(stored).ShouldBe(said);

    [Fact]
    public async Task Guessing_numbers_ends_after_ten_misses_but_ones_own_parcels_stay_open()
    {
        var call = desk.NewCall();
        for (var i = 0; i < 10; i++)
        {
            await desk.SayAsync("track_shipment", new { trackingNumber = $"ZZ777{i}" }, ToolDesk.Marcus, call);
        }

        (await desk.SayAsync("track_shipment", new { trackingNumber = "TB5120", name = "Raman" }, ToolDesk.Marcus, call)).ShouldBe(
            "For security I can't look up any more records on this call. Offer to transfer the caller to a person.");
        (await desk.SayAsync("track_shipment", new { trackingNumber = "TB4410" }, ToolDesk.Marcus, call)).ShouldStartWith("The parcel from Northwind Books");
    }
}
