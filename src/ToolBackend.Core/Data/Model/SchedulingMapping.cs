using Microsoft.EntityFrameworkCore;

namespace ToolBackend.Core.Data.Model;

internal static class SchedulingMapping
{
    /// <summary>The store type of every phone number: a domain that refuses what is not E.164.</summary>
    public const string Phone = "phone_e164";

    public static void Apply(ModelBuilder model)
    {
        model.Entity<LocationRow>(location =>
        {
            location.HasKey(row => row.LocationId);
            location.Property(row => row.LocationId).UseIdentityAlwaysColumn();
            location.HasIndex(row => row.Name).IsUnique();
        });
        model.Entity<PractitionerRow>(practitioner =>
        {
            practitioner.HasKey(row => row.PractitionerId);
            practitioner.Property(row => row.PractitionerId).UseIdentityAlwaysColumn();
            practitioner.HasIndex(row => new { row.LocationId, row.Name }).IsUnique();
            practitioner.HasOne(row => row.Location).WithMany(row => row.Practitioners).HasForeignKey(row => row.LocationId).OnDelete(DeleteBehavior.NoAction);
        });
        model.Entity<ServiceRow>(service =>
        {
            service.HasKey(row => row.ServiceId);
            service.Property(row => row.ServiceId).UseIdentityAlwaysColumn();
            service.HasIndex(row => row.Name).IsUnique();
        });
        model.Entity<PractitionerServiceRow>(offer =>
        {
            offer.HasKey(row => new { row.PractitionerId, row.ServiceId });
            offer.HasOne(row => row.Practitioner).WithMany(row => row.Services).HasForeignKey(row => row.PractitionerId).OnDelete(DeleteBehavior.NoAction);
            offer.HasOne(row => row.Service).WithMany().HasForeignKey(row => row.ServiceId).OnDelete(DeleteBehavior.NoAction);
        });
        model.Entity<WeeklyScheduleRow>(schedule =>
        {
            schedule.HasKey(row => row.WeeklyScheduleId);
            schedule.Property(row => row.WeeklyScheduleId).UseIdentityAlwaysColumn();
            schedule.HasOne(row => row.Practitioner).WithMany(row => row.Schedules).HasForeignKey(row => row.PractitionerId).OnDelete(DeleteBehavior.NoAction);
        });
        model.Entity<TimeOffRow>(timeOff =>
        {
            timeOff.HasKey(row => row.TimeOffId);
            timeOff.Property(row => row.TimeOffId).UseIdentityAlwaysColumn();
            timeOff.HasOne(row => row.Location).WithMany().HasForeignKey(row => row.LocationId).OnDelete(DeleteBehavior.NoAction);
            timeOff.HasOne(row => row.Practitioner).WithMany()
                .HasForeignKey(row => new { row.PractitionerId, row.LocationId })
                .HasPrincipalKey(row => new { row.PractitionerId, row.LocationId })
                .OnDelete(DeleteBehavior.NoAction);
        });
        model.Entity<CustomerRow>(customer =>
        {
            customer.HasKey(row => row.CustomerId);
            customer.Property(row => row.CustomerId).UseIdentityAlwaysColumn();
            customer.Property(row => row.Phone).HasColumnType(Phone);
            customer.HasIndex(row => row.Phone).IsUnique();
        });
        model.Entity<AppointmentRow>(appointment =>
        {
            appointment.HasKey(row => row.AppointmentId);
            appointment.Property(row => row.AppointmentId).UseIdentityAlwaysColumn();
            appointment.HasOne(row => row.Customer).WithMany().HasForeignKey(row => row.CustomerId).OnDelete(DeleteBehavior.NoAction);
            appointment.HasOne(row => row.Practitioner).WithMany()
                .HasForeignKey(row => new { row.PractitionerId, row.LocationId })
                .HasPrincipalKey(row => new { row.PractitionerId, row.LocationId })
                .OnDelete(DeleteBehavior.NoAction);
            appointment.HasOne(row => row.Offer).WithMany()
                .HasForeignKey(row => new { row.PractitionerId, row.ServiceId })
                .OnDelete(DeleteBehavior.NoAction);
        });
    }
}
