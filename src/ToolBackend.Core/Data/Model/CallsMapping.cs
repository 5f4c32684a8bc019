using Microsoft.EntityFrameworkCore;

namespace ToolBackend.Core.Data.Model;

internal static class CallsMapping
{
    public static void Apply(ModelBuilder model)
    {
        model.Entity<PhoneLineRow>(line =>
        {
            line.HasKey(row => row.Number);
            line.Property(row => row.Number).HasColumnType(SchedulingMapping.Phone);
            line.HasOne(row => row.Location).WithMany().HasForeignKey(row => row.LocationId).OnDelete(DeleteBehavior.NoAction);
        });
        model.Entity<DeskRow>(desk =>
        {
            desk.HasKey(row => row.DeskId);
            desk.Property(row => row.DeskId).UseIdentityAlwaysColumn();
            desk.Property(row => row.Number).HasColumnType(SchedulingMapping.Phone);
            desk.HasIndex(row => row.Name).IsUnique();
        });
        model.Entity<DeskHoursRow>(hours =>
        {
            hours.HasKey(row => new { row.DeskId, row.DayOfWeek, row.Opens });
            hours.HasOne(row => row.Desk).WithMany(row => row.Hours).HasForeignKey(row => row.DeskId).OnDelete(DeleteBehavior.NoAction);
        });
        model.Entity<ToolCallLedgerRow>(ledger =>
        {
            ledger.HasKey(row => new { row.CallId, row.ToolCallId });
            ledger.Property(row => row.ExpiresAt).ValueGeneratedOnAdd();
        });
        model.Entity<PendingConfirmationRow>(pending =>
        {
            pending.HasKey(row => new { row.CallId, row.AppointmentId, row.Action });
            pending.HasOne(row => row.Appointment).WithMany().HasForeignKey(row => row.AppointmentId).OnDelete(DeleteBehavior.Cascade);
        });
        // The process makes the id, so that it is ordered by the process's clock.
        model.Entity<ToolInvocationRow>(invocation =>
        {
            invocation.HasKey(row => row.ToolInvocationId);
            invocation.Property(row => row.ToolInvocationId).ValueGeneratedNever();
        });
    }
}
