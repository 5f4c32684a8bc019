using NodaTime;
using ToolBackend.Core.Tests.Tools;

namespace ToolBackend.Core.Tests.Shipments;

public sealed class ChangeDeliveryTests(ToolDesk desk) : IClassFixture<ToolDesk>
{
    private const string Books = "Done: the parcel from Northwind Books ";

    private Task<string> ChangeAsync(object arguments, string? caller = ToolDesk.Ana, string? call = null) => desk.SayAsync("change_delivery", arguments, caller, call);

    private Task<long> ChangesAsync(string call) => desk.CountAsync($"delivery_change where asked_in_call = '{call}'");

    private static LocalDate NextDelivery(LocalDate day) => day.DayOfWeek is IsoDayOfWeek.Sunday ? day.PlusDays(1) : day;

    [Fact]
    public async Task A_new_day_is_stored_and_heard_by_the_next_look_up()
    {
        var call = desk.NewCall();
        var day = NextDelivery(ToolDesk.Today.PlusDays(5));
        (await ChangeAsync(new { trackingNumber = "TB 1042", newDate = ToolDesk.Iso(day) }, call: call)).ShouldBe($"{Books}will now be delivered {ToolDesk.On(day)}.");
        (await desk.CountAsync($"shipment where tracking_number = 'TB1042' and promised_on = '{ToolDesk.Iso(day)}' and window_start is null")).ShouldBe(1);
        (await desk.SayAsync("track_shipment", new { trackingNumber = "TB1042" })).ShouldContain($"It is due {ToolDesk.On(day)}.");
        (await ChangesAsync(call)).ShouldBe(1);
    }

    [Fact]
    public async Task The_same_wish_twice_is_one_change_with_one_confirmation()
    {
        var call = desk.NewCall();
        var first = await ChangeAsync(new { trackingNumber = "TB1042", safePlace = "Behind my  shed" }, call: call);
        first.ShouldBe($"{Books}will be left behind your shed.");
        (await ChangeAsync(new { trackingNumber = "T B one oh four two", safePlace = "Behind my shed" }, call: call)).ShouldBe(first);
        (await ChangesAsync(call)).ShouldBe(1);
        (await desk.CountAsync("shipment where tracking_number = 'TB1042' and safe_place = 'Behind my shed' and pickup_point_id is null")).ShouldBe(1);
    }

    [Fact]
    public async Task A_pick_up_point_replaces_a_safe_place()
    {
        (await ChangeAsync(new { trackingNumber = "TB4410", safePlace = "front porch" }, ToolDesk.Marcus)).ShouldBe($"{Books}will be left at the front porch.");
        (await ChangeAsync(new { trackingNumber = "TB4410", pickupPoint = "the union market" }, ToolDesk.Marcus)).ShouldBe(
            $"{Books}will go to the pick-up point Union Market, 1501 Union Street, open Monday to Saturday, eight to eight.");
        (await desk.CountAsync("shipment join pickup_point p using (pickup_point_id) where tracking_number = 'TB4410' and p.name = 'Union Market' and safe_place is null")).ShouldBe(1);

        (await ChangeAsync(new { trackingNumber = "TB4410", pickupPoint = "Fremont" }, ToolDesk.Marcus)).ShouldBe(
            "Nothing was changed: that pick-up point was not found. In Seattle there is Ballard Hardware, Pine Street Locker, or Union Market. Ask which one the caller wants.");
    }

    [Fact]
    public async Task Days_without_delivery_are_refused_with_a_day_that_is_accepted()
    {
        var today = ToolDesk.Today;
        var tomorrow = NextDelivery(today.PlusDays(1));
        (await ChangeAsync(new { trackingNumber = "TB5120", newDate = "today" }, ToolDesk.Priya)).ShouldBe(
            $"Nothing was changed: it is too late to have it delivered today. Offer {ToolDesk.Said(tomorrow)} instead.");

        var sunday = today.Next(IsoDayOfWeek.Sunday);
        (await ChangeAsync(new { trackingNumber = "TB5120", newDate = ToolDesk.Iso(sunday) }, ToolDesk.Priya)).ShouldBe(
            $"Nothing was changed: there is no delivery on Sundays. Offer {ToolDesk.Said(sunday.PlusDays(1))} instead.");

        var last = today.PlusDays(14) is var end && end.DayOfWeek is IsoDayOfWeek.Sunday ? end.PlusDays(-1) : end;
        (await ChangeAsync(new { trackingNumber = "TB5120", newDate = ToolDesk.Iso(today.PlusDays(15)) }, ToolDesk.Priya)).ShouldBe(
            $"Nothing was changed: that is too far ahead. Offer {ToolDesk.Said(last)} instead.");
        (await ChangeAsync(new { trackingNumber = "TB5120", newDate = "2020-01-01" }, ToolDesk.Priya)).ShouldEndWith("Which day would you like?");
        (await ChangeAsync(new { trackingNumber = "TB5120", newDate = ToolDesk.Iso(last) }, ToolDesk.Priya)).ShouldBe(
            $"Done: the parcel from Rainier Garden will now be delivered {ToolDesk.On(last)}.");
    }

    [Fact]
    public async Task It_is_too_late_once_the_parcel_is_out_waiting_or_gone()
    {
        var wish = new { safePlace = "porch" };
        (await ChangeAsync(new { trackingNumber = "TB1024", wish.safePlace }, ToolDesk.Marcus)).ShouldBe(
            "Nothing was changed: the parcel is already out for delivery. Offer to transfer the caller to a person.");
        (await ChangeAsync(new { trackingNumber = "TB2077", wish.safePlace })).ShouldBe("Nothing was changed: the parcel is already waiting at the pick-up point.");
        (await ChangeAsync(new { trackingNumber = "TB3055", wish.safePlace })).ShouldBe("Nothing was changed: the parcel has already been delivered.");
        (await ChangeAsync(new { trackingNumber = "TB6200", wish.safePlace }, ToolDesk.Tom)).ShouldBe("Nothing was changed: the parcel is no longer on its way.");
    }

    [Fact]
    public async Task Exactly_one_wish_is_taken_at_a_time()
    {
        const string One = "Nothing was changed. Ask the caller for one thing: another day, a safe place, or a pick-up point.";
        (await ChangeAsync(new { trackingNumber = "TB1042" })).ShouldBe(One);
        (await ChangeAsync(new { trackingNumber = "TB1042", newDate = "Friday", safePlace = "porch" })).ShouldBe(One);
    }

    [Fact]
    public async Task Somebody_elses_parcel_is_not_changed_without_the_name_on_it()
    {
        var call = desk.NewCall();
        (await ChangeAsync(new { trackingNumber = "TB1042", safePlace = "my car" }, ToolDesk.Grace, call)).ShouldStartWith("No parcel was found with that number for this caller.");
        (await ChangesAsync(call)).ShouldBe(0);
        (await ChangeAsync(new { safePlace = "my car" }, caller: null, call)).ShouldBe("Ask the caller for the tracking number and the family name on the parcel.");
    }

    [Fact]
    public async Task A_long_or_invisible_place_neither_breaks_nor_is_cut_in_half()
    {
        var place = new string('p', 79) + "\U0001F600";
        (await ChangeAsync(new { trackingNumber = "TB1042", safePlace = place })).ShouldBe($"{Books}will be left at the {new string('p', 79)}.");
        (await ChangeAsync(new { trackingNumber = "TB1042", safePlace = "\u200B\u2060" })).ShouldStartWith("Nothing was changed. Ask the caller for one thing");
    }
}
