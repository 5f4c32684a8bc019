using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NpgsqlTypes;
using ToolBackend.Core.Data.Model;
using ToolBackend.Core.Data.Seeding;
using ToolBackend.Testing;

namespace ToolBackend.Core.Tests.Data.Model;

public sealed class ToolBackendDbTests(PostgresCluster cluster) : IAsyncLifetime
{
    private MigratedDatabase _database = null!;
    private ServiceProvider _services = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await MigratedDatabase.CreateAsync(cluster);
        _services = new ServiceCollection().AddSingleton(_database.DataSource).AddToolBackendDb().BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task The_EF_model_matches_the_real_schema()
    {
        await using var db = await ContextAsync();
        var model = SchemaFacts.Of(db.Model);
        var server = await SchemaFacts.ReadAsync(_database.DataSource);

        server.Count.ShouldBeGreaterThan(100);
        model.Except(server).ShouldBeEmpty("the model has what the database lacks");
        server.Except(model).ShouldBeEmpty("the database has what the model lacks");
    }

    [Fact]
    public async Task A_column_that_the_model_lacks_is_noticed()
    {
        await _database.ExecuteAsync("alter table desk add column floor int not null default 0; create unique index on desk (number)");
        await using var db = await ContextAsync();

        (await SchemaFacts.ReadAsync(_database.DataSource)).Except(SchemaFacts.Of(db.Model))
            .ShouldBe(["column desk.floor integer not null", "unique desk(number)"]);
    }

    [Fact]
    public async Task Every_table_can_be_read_without_tracking()
    {
        await DemoSeed.RunAsync(_database.DataSource, null, CancellationToken.None);
        await using var db = await ContextAsync();

        (await db.Locations.Include(row => row.Practitioners).ThenInclude(row => row.Schedules).SingleAsync()).Practitioners.Count.ShouldBe(3);
        (await db.Practitioners.Include(row => row.Services).ThenInclude(row => row.Service).ToListAsync()).ShouldAllBe(row => row.Services.Count > 0);
        (await db.TimeOff.Include(row => row.Practitioner).SingleAsync()).Practitioner!.Name.ShouldBe("Doctor Ben Ortiz");
        (await db.Shipments.Include(row => row.Scans).Include(row => row.PickupPoint).SingleAsync(row => row.TrackingNumber == "TB2077"))
            .PickupPoint!.Name.ShouldBe("Pine Street Locker");
        (await db.Desks.Include(row => row.Hours).SingleAsync(row => row.Skills.Contains("billing"))).Hours.Count.ShouldBe(5);
        (await db.PhoneLines.Include(row => row.Location).SingleAsync(row => row.Number == DemoSeed.ClinicLine)).Location!.Name.ShouldBe(DemoSeed.Clinic);
        (await db.DeliveryChanges.CountAsync() + await db.ToolInvocations.CountAsync() + await db.ToolCallLedger.CountAsync()
            + await db.PendingConfirmations.CountAsync()).ShouldBe(0);
        db.ChangeTracker.Entries().ShouldBeEmpty();
    }

    [Fact]
    public async Task An_appointment_is_written_and_read_back_in_UTC()
    {
        await DemoSeed.RunAsync(_database.DataSource, null, CancellationToken.None);
        var starts = new DateTime(2030, 1, 7, 17, 0, 0, DateTimeKind.Utc);
        await using (var db = await ContextAsync())
        {
            var sample = await db.Appointments.SingleAsync(row => row.Reference == DemoSeed.CallerReference);
            db.Add(new AppointmentRow
            {
                Reference = "NEW77",
                CustomerId = sample.CustomerId,
                PractitionerId = sample.PractitionerId,
                LocationId = sample.LocationId,
                ServiceId = sample.ServiceId,
                Visit = HalfOpen(starts, starts.AddMinutes(30)),
                Occupied = HalfOpen(starts, starts.AddMinutes(40)),
            });
            await db.SaveChangesAsync();
        }

        await using var other = await ContextAsync();
        var read = await other.Appointments
            .Where(row => row.Customer.Phone == DemoSeed.CallerPhone && row.Visit.LowerBound >= starts)
            .Select(row => new { row.Visit, row.Status, row.CreatedAt, Service = row.Offer.Service.Name, row.Practitioner.Location.TimeZone })
            .SingleAsync();

        read.Visit.ShouldBe(HalfOpen(starts, starts.AddMinutes(30)));
        read.Status.ShouldBe("booked");
        read.CreatedAt.ShouldNotBe(default);
        read.Service.ShouldBe("Check-up");
        read.TimeZone.ShouldBe("America/Los_Angeles");
    }

    private async Task<ToolBackendDb> ContextAsync() =>
        await _services.GetRequiredService<IDbContextFactory<ToolBackendDb>>().CreateDbContextAsync();

    private static NpgsqlRange<DateTime> HalfOpen(DateTime from, DateTime until) => new(from, true, until, false);
}
