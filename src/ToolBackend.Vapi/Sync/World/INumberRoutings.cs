using ToolBackend.Vapi.Definitions;

namespace ToolBackend.Vapi.Sync.World;

/// <summary>A number at its carrier with the addresses that it calls.</summary>
/// <param name="Id">Twilio's SID of the number.</param>
/// <param name="Number">E.164.</param>
/// <param name="Routing">Empty addresses are null.</param>
/// <param name="Bypass">What makes the carrier ignore the addresses, in words (an application or a trunk); null when they count.</param>
public sealed record RoutedNumber(string Id, string Number, NumberRouting Routing, string? Bypass = null);

/// <summary>The numbers of the carrier's account.</summary>
public interface INumberRoutings
{
    Task<IReadOnlyList<RoutedNumber>> ListAsync(CancellationToken cancellation);

    /// <summary>Sets the addresses that are not null, each to be called by POST; an empty one clears.</summary>
    Task<RoutedNumber> UpdateAsync(string id, NumberRouting routing, CancellationToken cancellation);
}
