using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ToolBackend.Core.Data.Model;

/// <summary>
/// The tables of <c>db/migrations</c> as C# rows. The SQL files are the schema; this only maps it, and a test compares the two
/// both ways. Queries do not track: reads project, writes are inserts and <c>ExecuteUpdateAsync</c>.
/// </summary>
public sealed class ToolBackendDb(DbContextOptions<ToolBackendDb> options) : DbContext(options)
{
    public DbSet<LocationRow> Locations => Set<LocationRow>();

    public DbSet<PractitionerRow> Practitioners => Set<PractitionerRow>();

    public DbSet<ServiceRow> Services => Set<ServiceRow>();

    public DbSet<PractitionerServiceRow> PractitionerServices => Set<PractitionerServiceRow>();

    public DbSet<WeeklyScheduleRow> WeeklySchedules => Set<WeeklyScheduleRow>();

    public DbSet<TimeOffRow> TimeOff => Set<TimeOffRow>();

    public DbSet<CustomerRow> Customers => Set<CustomerRow>();

    public DbSet<AppointmentRow> Appointments => Set<AppointmentRow>();

    public DbSet<PickupPointRow> PickupPoints => Set<PickupPointRow>();

    public DbSet<ShipmentRow> Shipments => Set<ShipmentRow>();

    public DbSet<ScanEventRow> ScanEvents => Set<ScanEventRow>();

    public DbSet<DeliveryChangeRow> DeliveryChanges => Set<DeliveryChangeRow>();

    public DbSet<PhoneLineRow> PhoneLines => Set<PhoneLineRow>();

    public DbSet<DeskRow> Desks => Set<DeskRow>();

    public DbSet<DeskHoursRow> DeskHours => Set<DeskHoursRow>();

    public DbSet<ToolCallLedgerRow> ToolCallLedger => Set<ToolCallLedgerRow>();

    public DbSet<PendingConfirmationRow> PendingConfirmations => Set<PendingConfirmationRow>();

    public DbSet<ToolInvocationRow> ToolInvocations => Set<ToolInvocationRow>();

    public DbSet<CallRow> Calls => Set<CallRow>();

    public DbSet<CallEventRow> CallEvents => Set<CallEventRow>();

    public DbSet<CallAliasRow> CallAliases => Set<CallAliasRow>();

    public DbSet<CallChangeRow> CallChanges => Set<CallChangeRow>();

    public DbSet<CallControlRow> CallControls => Set<CallControlRow>();

    public DbSet<TranscriptAccessRow> TranscriptAccesses => Set<TranscriptAccessRow>();

    /// <summary>The options every context of this kind has, over one pool of connections.</summary>
    public static void Configure(DbContextOptionsBuilder options, NpgsqlDataSource dataSource) =>
        options.UseNpgsql(dataSource).UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        SchedulingMapping.Apply(modelBuilder);
        ShipmentsMapping.Apply(modelBuilder);
        CallsMapping.Apply(modelBuilder);
        CallStateMapping.Apply(modelBuilder);
        modelBuilder.Entity<SyncStateRow>(state =>
        {
            state.HasKey(row => row.Environment);
            state.Property(row => row.UpdatedAt).ValueGeneratedOnAdd();
        });
        modelBuilder.Entity<CallRouteRow>().HasKey(row => row.Line);
        modelBuilder.Entity<CallOrderRow>(order =>
        {
            order.HasKey(row => row.CallOrderId);
            order.HasIndex(row => row.IdempotencyKey).IsUnique();
        });
        SnakeCase.Apply(modelBuilder);
    }
}
