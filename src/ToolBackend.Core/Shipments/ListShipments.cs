using NodaTime;
using ToolBackend.Core.Appointments;
using ToolBackend.Core.Caching;
using ToolBackend.Core.Customers;
using ToolBackend.Core.Speech;
using ToolBackend.Core.Tools;

namespace ToolBackend.Core.Shipments;

public sealed record ListShipmentsArguments;

/// <summary>All parcels of the verified number that are open or were just delivered.</summary>
public sealed class ListShipments(CustomerReader customers) : Tool<ListShipmentsArguments>
{
    /// <summary>More than this cannot be remembered by ear.</summary>
    private const int MostSpoken = 4;

    public override string Name => "list_shipments";

    public override string Description => "Tells which parcels are on their way to the caller. Call it when they ask about all their parcels or do not know which one they mean.";

    public override ToolEffect Effect => ToolEffect.Read;

    protected override async ValueTask<ToolOutcome> RunAsync(ListShipmentsArguments arguments, ToolContext context)
    {
        if (context.Call.Caller is null)
        {
            return new ShipmentFinder.NumberNeeded();
        }

        var cached = context.Note(await customers.GetAsync(context.Call.Scope).ConfigureAwait(false));
        var age = cached.Source is CacheSource.Stale ? context.Now - Instant.FromDateTimeOffset(cached.LoadedAt) : (Duration?)null;
        return cached.Value?.Shipments is { Count: > 0 } all ? new Listed(all, context.Now, age) : new ShipmentFinder.NoneOpen();
    }

    public sealed record Listed(IReadOnlyList<ShipmentLine> Shipments, Instant Now, Duration? Age) : ToolOutcome
    {
        public override string Code => "listed";

        public override string Say =>
            Shipments.Count == 1 ? $"{AsOf.Prefix(Age)}The caller has one parcel {ShipmentSentences.FromWhom(Shipments[0], Now)}."
            : $"{AsOf.Prefix(Age)}The caller has {Phrases.Count(Shipments.Count, "parcel")}{(Shipments.Count > MostSpoken ? $". The first {Phrases.Number(MostSpoken)} are" : ":")} {Phrases.List([.. Shipments.Take(MostSpoken).Select(s => ShipmentSentences.Line(s, Now))])}" + ".";
    }
}
