using ToolBackend.Core.Caching;
using ToolBackend.Core.Calls;
using ToolBackend.Core.Customers;
using ToolBackend.Core.Speech;
using ToolBackend.Core.Tools;

namespace ToolBackend.Core.Shipments;

/// <summary>
/// Which parcel a caller means. A number that is exactly theirs, or a near miss among their own; somebody else's only with the
/// name on it.
/// </summary>
public sealed class ShipmentFinder(ShipmentReader shipments, CustomerReader customers, LookupThrottle throttle)
{
    /// <summary>Readings of one spoken number that are worth a look-up of their own.</summary>
    private const int MostLookups = 3;

    public abstract record Result;

    /// <param name="Parcel">With where it came from: a stale answer is said as such.</param>
    public sealed record Found(Cached<ShipmentCard> Parcel) : Result
    {
        public ShipmentCard Card => Parcel.Value!;
    }

    public sealed record Not(ToolOutcome Outcome) : Result;

    public ValueTask<Result> FindAsync(string? trackingNumber, string? name, ToolContext context) =>
        trackingNumber is null ? OnlyOneAsync(context) : ByNumberAsync(trackingNumber, name, context);

    private async ValueTask<Result> ByNumberAsync(string spoken, string? name, ToolContext context)
    {
        var codes = SpokenCode.Candidates(spoken).Where(c => c.Length is >= 4 and <= 20).Take(SpokenCode.MaxCandidates).ToList();
        var scope = context.Call.Scope;

        // The usual case first: the number is read right and is the caller's own. One cached read, and open also to who has used up their tries.
        var first = codes.Count > 0 ? await GetAsync(codes[0], context).ConfigureAwait(false) : default;
        if (first.Value is { } card && scope.Owns(card.OwnerPhoneHash))
        {
            return new Found(first);
        }

        using var attempt = throttle.Begin(context.Call);
        if (attempt.IsAllowed && first.Value is { } other && CallerScope.NameProves(name, other.OwnerName))
        {
            return new Found(first);
        }

        var own = context.Note(await customers.GetAsync(scope).ConfigureAwait(false)).Value;
        if (own is not null && NearMiss.Find(codes, [.. own.Shipments.Select(s => s.TrackingNumber)]).Code is { } mine
            && await GetAsync(mine, context).ConfigureAwait(false) is { Value: { } owned } near && scope.Owns(owned.OwnerPhoneHash))
        {
            return new Found(near);
        }

        return await ByProofAsync(codes, name, attempt, context).ConfigureAwait(false);
    }

    private async Task<Result> ByProofAsync(List<string> codes, string? name, LookupThrottle.Attempt attempt, ToolContext context)
    {
        if (!attempt.IsAllowed)
        {
            return new Not(new LookupsExhausted());
        }

        foreach (var code in codes.Skip(1).Take(MostLookups))
        {
            if (await GetAsync(code, context).ConfigureAwait(false) is { Value: { } card } parcel
                && (context.Call.Scope.Owns(card.OwnerPhoneHash) || CallerScope.NameProves(name, card.OwnerName)))
            {
                return new Found(parcel);
            }
        }

        // Unknown and unproven sound the same: the answer must not tell whether a number exists.
        attempt.Missed();
        return new Not(new NotFound());
    }

    private async ValueTask<Result> OnlyOneAsync(ToolContext context)
    {
        if (context.Call.Caller is null)
        {
            return new Not(new NumberNeeded());
        }

        var card = context.Note(await customers.GetAsync(context.Call.Scope).ConfigureAwait(false)).Value;
        var open = card?.Shipments.Where(s => s.Status is not (ShipmentStatus.Delivered or ShipmentStatus.Returned)).ToList() ?? [];
        return open.Count switch
        {
            0 => new Not(new NoneOpen()),
            1 when await GetAsync(open[0].TrackingNumber, context).ConfigureAwait(false) is { Value: not null } parcel => new Found(parcel),
            1 => new Not(new NoneOpen()),
            _ => new Not(new Which([.. open.Take(4)], context.Now)),
        };
    }

    private async ValueTask<Cached<ShipmentCard>> GetAsync(string code, ToolContext context) => context.Note(await shipments.GetAsync(code).ConfigureAwait(false));

    public sealed record NotFound : ToolOutcome
    {
        public override string Code => "not_found";

        public override string Say =>
            "No parcel was found with that number for this caller. Ask them to read the tracking number once more, slowly, and the family name on the parcel, then call the tool again with both.";
    }

    public sealed record NumberNeeded : ToolOutcome
    {
        public override string Code => "number_needed";

        public override string Say => "Ask the caller for the tracking number and the family name on the parcel.";
    }

    public sealed record NoneOpen : ToolOutcome
    {
        public override string Code => "none";

        public override string Say => "There is no parcel on its way to this number. If the caller has a tracking number, ask for it and for the family name on the parcel.";
    }

    public sealed record Which(IReadOnlyList<ShipmentLine> Shipments, NodaTime.Instant Now) : ToolOutcome
    {
        public override string Code => "which";

        public override string Say => $"The caller has several parcels: {Phrases.List([.. Shipments.Select(s => ShipmentSentences.Line(s, Now))])}. Ask which one they mean.";
    }
}
