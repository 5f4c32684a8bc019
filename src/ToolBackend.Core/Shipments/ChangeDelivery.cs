using System.ComponentModel;
using Microsoft.Extensions.Options;
using NodaTime;
using Npgsql;
using NpgsqlTypes;
using ToolBackend.Core.Appointments;
using ToolBackend.Core.Customers;
using ToolBackend.Core.Business;
using ToolBackend.Core.Speech;
using ToolBackend.Core.Tools;

namespace ToolBackend.Core.Shipments;

public sealed record ChangeDeliveryArguments
{
    [Description("The tracking number as the caller said it. Leave out if they have only one parcel on its way.")]
    public string? TrackingNumber { get; init; }

    [Description("The day the caller wants it delivered, for example 2026-12-01 or Friday.")]
    public string? NewDate { get; init; }

    [Description("Where to leave it, in the caller's words, for example the back porch.")]
    public string? SafePlace { get; init; }

    [Description("Name of the pick-up point where the caller wants to collect it.")]
    public string? PickupPoint { get; init; }

    [Description("Family name on the parcel, only if the caller says it is not under their own number.")]
    public string? Name { get; init; }
}

/// <summary>What the caller asked to change, understood. Exactly one member is set.</summary>
public sealed record DeliveryWish(LocalDate? Date, string? SafePlace, PickupPoint? Point)
{
    public string Kind => Date is not null ? "date" : SafePlace is not null ? "safe_place" : "pickup_point";
}

/// <summary>A new day, a safe place or a pick-up point for one parcel. Saying the same wish twice changes nothing more.</summary>
public sealed class ChangeDelivery(Ledger ledger, ShipmentFinder finder, DirectoryReader directory, IOptions<ShipmentOptions> options) : WriteTool<ChangeDeliveryArguments>(ledger)
{
    private const int LongestPlace = 80;

    public override string Name => "change_delivery";

    public override string Description =>
        "Changes how one parcel is delivered: another day, a safe place, or a pick-up point. Give exactly one of the three. Say what it returns; nothing is changed unless it says so.";

    protected override async ValueTask<Prepared> PrepareAsync(ChangeDeliveryArguments arguments, ToolContext context)
    {
        var result = await finder.FindAsync(arguments.TrackingNumber, arguments.Name, context).ConfigureAwait(false);
        if (result is not ShipmentFinder.Found { Card: var card })
        {
            return new(((ShipmentFinder.Not)result).Outcome);
        }

        var known = context.Note(await directory.GetAsync().ConfigureAwait(false)).Value!;
        var today = context.Now.InZone(card.Zone).Date;
        var (wish, refusal) = Understand(arguments, card, known, today);
        return wish is null ? new(refusal!) : new((scope, cancellation) => ChangeAsync(scope, context, card, wish, today, cancellation));
    }

    private (DeliveryWish? Wish, ToolOutcome? Refusal) Understand(ChangeDeliveryArguments arguments, ShipmentCard card, BusinessDirectory known, LocalDate today)
    {
        switch (arguments)
        {
            case { NewDate: { } date, SafePlace: null, PickupPoint: null }:
                var (day, refusal) = AskedTime.ReadDate(date, today);
                return day is not { } wanted ? (null, refusal)
                    : wanted == today ? (null, new DateRefused("it is too late to have it delivered today", NextFrom(today.PlusDays(1)), today))
                    : wanted > today.PlusDays(options.Value.MaxDaysAhead) ? (null, new DateRefused("that is too far ahead", LastWithin(today), today))
                    : !IsDelivered(wanted) ? (null, new DateRefused("there is no delivery on Sundays", wanted < LastWithin(today) ? NextFrom(wanted) : LastWithin(today), today))
                    : (new DeliveryWish(wanted, null, null), null);
            case { SafePlace: { } place, NewDate: null, PickupPoint: null }:
                return (new DeliveryWish(null, Phrases.Cut(place, LongestPlace), null), null);
            case { PickupPoint: { } name, NewDate: null, SafePlace: null }:
                var near = known.PickupPoints.Where(p => string.Equals(p.City, card.City, StringComparison.OrdinalIgnoreCase)).ToList();
                return NameMatcher.Find(name, near, p => p.Name + " " + p.Address) is NameMatch<PickupPoint>.One one
                    ? (new DeliveryWish(null, null, one.Item), null)
                    : (null, new NoSuchPoint(card.City, [.. near.Select(p => p.Name).Take(4)]));
            default:
                return (null, new OneWish());
        }
    }

    /// <summary>The first day from this one on which parcels are delivered: what is offered must also be accepted.</summary>
    private LocalDate NextFrom(LocalDate day) => IsDelivered(day) ? day : day.PlusDays(1);

    private LocalDate LastWithin(LocalDate today) => today.PlusDays(options.Value.MaxDaysAhead) is var last && IsDelivered(last) ? last : last.PlusDays(-1);

    private bool IsDelivered(LocalDate day) => day.DayOfWeek is not IsoDayOfWeek.Sunday || options.Value.SundayDelivery;

    private static async Task<ToolOutcome> ChangeAsync(WriteScope scope, ToolContext context, ShipmentCard card, DeliveryWish wish, LocalDate today, CancellationToken cancellation)
    {
        var (id, status) = await LockAsync(scope.Connection, card.TrackingNumber, cancellation).ConfigureAwait(false);
        if (status is not (ShipmentStatus.LabelCreated or ShipmentStatus.InTransit or ShipmentStatus.Exception))
        {
            return new TooLate(status);
        }

        var point = (object?)wish.Point?.Id ?? DBNull.Value;
        var batch = new NpgsqlBatch(scope.Connection)
        {
            BatchCommands =
            {
                // A safe place and a pick-up point exclude each other; a new date keeps either.
                new("""
                    update shipment set promised_on = coalesce($2, promised_on), window_start = case when $2 is null then window_start end, window_end = case when $2 is null then window_end end,
                      safe_place = case when $3 is not null then $3 when $4 is not null then null else safe_place end,
                      pickup_point_id = case when $4 is not null then $4 when $3 is not null then null else pickup_point_id end, updated_at = now()
                    where shipment_id = $1
                    """) { Parameters = { new() { Value = id }, Date(wish), Place(wish), Point(point) } },
                new("""
                    insert into delivery_change (shipment_id, kind, new_date, safe_place, pickup_point_id, asked_in_call)
                    select $1, $5, $2, $3, $4, $6
                    where not exists (select from delivery_change where shipment_id = $1 and asked_in_call = $6 and kind = $5
                      and new_date is not distinct from $2 and safe_place is not distinct from $3 and pickup_point_id is not distinct from $4)
                    """) { Parameters = { new() { Value = id }, Date(wish), Place(wish), Point(point), AppointmentSql.Text(wish.Kind), AppointmentSql.Text(context.Call.CallId) } },
            },
        };
        await using var _ = batch.ConfigureAwait(false);
        await batch.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        scope.Changed(ShipmentReader.KeyOf(card.TrackingNumber));
        scope.Changed(CustomerReader.KeyOf(card.OwnerPhoneHash));
        return new Changed(card.Sender, wish, today);
    }

    private static async Task<(long Id, ShipmentStatus Status)> LockAsync(NpgsqlConnection connection, string trackingNumber, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand("select shipment_id, status from shipment where tracking_number = $1 for update", connection) { Parameters = { AppointmentSql.Text(trackingNumber) } };
        await using var _ = command.ConfigureAwait(false);
        var row = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = row.ConfigureAwait(false);
        return await row.ReadAsync(cancellation).ConfigureAwait(false) ? (row.GetInt64(0), ShipmentStatuses.Parse(row.GetString(1))) : (0, ShipmentStatus.Returned);
    }

    private static NpgsqlParameter Date(DeliveryWish wish) => new() { Value = (object?)wish.Date?.ToDateOnly() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Date };

    private static NpgsqlParameter Place(DeliveryWish wish) => new() { Value = (object?)wish.SafePlace ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Point(object id) => new() { Value = id, NpgsqlDbType = NpgsqlDbType.Integer };

    public sealed record Changed(string Sender, DeliveryWish Wish, LocalDate Today) : ToolOutcome
    {
        public override string Code => "changed_" + Wish.Kind;

        public override string Say => $"Done: the parcel from {Sender} " + Wish switch
        {
            { Date: { } date } => $"will now be delivered {Phrases.OnDay(date, Today)}.",
            { SafePlace: { } place } => $"will be left {ShipmentSentences.AtPlace(place)}.",
            { Point: { } point } => $"will go to the pick-up point {point.Name}, {point.Address}{(point.OpeningHours.Length == 0 ? "" : $", open {point.OpeningHours}")}.",
            _ => throw new InvalidOperationException("A wish has one member set."),
        };
    }

    public sealed record TooLate(ShipmentStatus Status) : ToolOutcome
    {
        public override string Code => "too_late";

        public override string Say => "Nothing was changed: the parcel " + Status switch
        {
            ShipmentStatus.OutForDelivery => "is already out for delivery. Offer to transfer the caller to a person.",
            ShipmentStatus.ReadyForPickup => "is already waiting at the pick-up point.",
            ShipmentStatus.Delivered => "has already been delivered.",
            _ => "is no longer on its way.",
        };
    }

    public sealed record DateRefused(string Why, LocalDate Instead, LocalDate Today) : ToolOutcome
    {
        public override string Code => "date_refused";

        public override string Say => $"Nothing was changed: {Why}. Offer {Phrases.Day(Instead, Today)} instead.";
    }

    public sealed record NoSuchPoint(string City, IReadOnlyList<string> Points) : ToolOutcome
    {
        public override string Code => "no_such_point";

        public override string Say => Points.Count == 0
            ? $"Nothing was changed: there is no pick-up point in {City}. Offer another day or a safe place instead."
            : $"Nothing was changed: that pick-up point was not found. In {City} there is {Phrases.List(Points, "or")}. Ask which one the caller wants.";
    }

    public sealed record OneWish : ToolOutcome
    {
        public override string Code => "one_wish";

        public override string Say => "Nothing was changed. Ask the caller for one thing: another day, a safe place, or a pick-up point.";
    }
}
