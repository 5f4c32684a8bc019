using System.ComponentModel;
using NodaTime;
using ToolBackend.Core.Appointments;
using ToolBackend.Core.Caching;
using ToolBackend.Core.Tools;

namespace ToolBackend.Core.Shipments;

public sealed record TrackShipmentArguments
{
    [Description("The tracking number as the caller said it. Leave out if they did not give one: their own parcels are found by their phone number.")]
    public string? TrackingNumber { get; init; }

    [Description("Family name on the parcel, only if the caller says it is not under their own number.")]
    public string? Name { get; init; }
}

/// <summary>"Where is my parcel?"</summary>
public sealed class TrackShipment(ShipmentFinder finder) : Tool<TrackShipmentArguments>
{
    public override string Name => "track_shipment";

    public override string Description => "Tells where a parcel is and when it arrives. Call it as soon as the caller asks about a parcel, even without a tracking number.";

    public override ToolEffect Effect => ToolEffect.Read;

    protected override async ValueTask<ToolOutcome> RunAsync(TrackShipmentArguments arguments, ToolContext context) =>
        await finder.FindAsync(arguments.TrackingNumber, arguments.Name, context).ConfigureAwait(false) switch
        {
            ShipmentFinder.Found found => new Tracked(found.Parcel, context.Now),
            ShipmentFinder.Not not => not.Outcome,
            _ => throw new InvalidOperationException("ShipmentFinder.Result is closed."),
        };

    public sealed record Tracked(Cached<ShipmentCard> Parcel, Instant Now) : ToolOutcome
    {
        public override string Code => "tracked";

        public override string Say =>
            AsOf.Prefix(Parcel.Source is CacheSource.Stale ? Now - Instant.FromDateTimeOffset(Parcel.LoadedAt) : null) + ShipmentSentences.Full(Parcel.Value!, Now);
    }
}
