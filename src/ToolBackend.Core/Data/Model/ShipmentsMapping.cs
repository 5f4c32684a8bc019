using Microsoft.EntityFrameworkCore;

namespace ToolBackend.Core.Data.Model;

internal static class ShipmentsMapping
{
    public static void Apply(ModelBuilder model)
    {
        model.Entity<PickupPointRow>(point =>
        {
            point.HasKey(row => row.PickupPointId);
            point.Property(row => row.PickupPointId).UseIdentityAlwaysColumn();
            point.HasIndex(row => row.Name).IsUnique();
        });
        model.Entity<ShipmentRow>(shipment =>
        {
            shipment.HasKey(row => row.ShipmentId);
            shipment.Property(row => row.ShipmentId).UseIdentityAlwaysColumn();
            shipment.HasIndex(row => row.TrackingNumber).IsUnique();
            shipment.HasOne(row => row.Customer).WithMany().HasForeignKey(row => row.CustomerId).OnDelete(DeleteBehavior.NoAction);
            shipment.HasOne(row => row.PickupPoint).WithMany().HasForeignKey(row => row.PickupPointId).OnDelete(DeleteBehavior.NoAction);
        });
        model.Entity<ScanEventRow>(scan =>
        {
            scan.HasKey(row => row.ScanEventId);
            scan.Property(row => row.ScanEventId).UseIdentityAlwaysColumn();
            scan.HasOne(row => row.Shipment).WithMany(row => row.Scans).HasForeignKey(row => row.ShipmentId).OnDelete(DeleteBehavior.NoAction);
        });
        model.Entity<DeliveryChangeRow>(change =>
        {
            change.HasKey(row => row.DeliveryChangeId);
            change.Property(row => row.DeliveryChangeId).UseIdentityAlwaysColumn();
            change.HasOne(row => row.Shipment).WithMany().HasForeignKey(row => row.ShipmentId).OnDelete(DeleteBehavior.NoAction);
            change.HasOne(row => row.PickupPoint).WithMany().HasForeignKey(row => row.PickupPointId).OnDelete(DeleteBehavior.NoAction);
        });
    }
}
