using System.ComponentModel.DataAnnotations;

namespace ToolBackend.Core.Shipments;

/// <summary>Section <c>Shipments</c>.</summary>
public sealed class ShipmentOptions
{
    /// <summary>Days ahead a delivery may be moved to. Default 14, limit 1 to 90.</summary>
    [Range(1, 90)]
    public int MaxDaysAhead { get; set; } = 14;

    /// <summary>Whether parcels are delivered on Sundays. Default false.</summary>
    public bool SundayDelivery { get; set; }
}
