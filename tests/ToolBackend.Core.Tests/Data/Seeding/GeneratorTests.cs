using System.Collections.Concurrent;
using Npgsql;
using ToolBackend.Core.Data.Seeding;
using ToolBackend.Testing;

namespace ToolBackend.Core.Tests.Data.Seeding;

public sealed class GeneratorTests(PostgresCluster cluster) : IAsyncLifetime
{
    private static readonly GeneratorOptions Few = new() { Shipments = 700, Appointments = 5500, Customers = 50, ChunkRows = 300 };

    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private MigratedDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await MigratedDatabase.CreateAsync(cluster);

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task As_many_rows_as_asked_for_are_made_and_a_second_run_adds_as_many()
    {
        var first = await RunAsync(_database, Few);
        first.ScanEvents.ShouldBeInRange(700, 4 * 700);
        await CountsShouldBe(50, 700, first.ScanEvents, 5500);

        var second = await RunAsync(_database, Few with { RandomSeed = 2, Customers = 60 });

        await CountsShouldBe(110, 1400, first.ScanEvents + second.ScanEvents, 11_000);
    }

    [Fact]
    public async Task Rows_that_come_after_get_ids_of_their_own()
    {
        await RunAsync(_database, Few);
        await DemoSeed.RunAsync(_database.DataSource, null, CancellationToken.None);

        await CountsShouldBe(55, 707, await _database.ScalarAsync<long>("select count(*) from scan_event"), 5508);
    }

    [Fact]
    public async Task The_same_seed_makes_the_same_rows()
    {
        await using var other = await MigratedDatabase.CreateAsync(cluster);
        await RunAsync(_database, Few);
        await RunAsync(other, Few);

        const string digest = """
            select md5(string_agg(t, ';' order by t)) from (
              select (s.shipment_id, tracking_number, customer_id, status, promised_on, delivered_at, scanned_at, code)::text t
              from shipment s join scan_event using (shipment_id)
              union all select (reference, customer_id, practitioner_id, visit, occupied, status)::text from appointment
              union all select (customer_id, phone, name)::text from customer) everything
            """;
        (await other.ScalarAsync<string>(digest)).ShouldBe(await _database.ScalarAsync<string>(digest));
    }

    [Fact]
    public async Task No_two_visits_of_a_practitioner_overlap_whatever_their_status_and_all_are_in_working_hours()
    {
        await RunAsync(_database, Few);

        (await _database.ScalarAsync<long>("""
            select count(*) from appointment a join appointment b using (practitioner_id)
            where a.appointment_id < b.appointment_id and a.occupied && b.occupied
            """)).ShouldBe(0);
        (await _database.ScalarAsync<long>("""
            select count(*) from appointment a join location using (location_id) join service using (service_id)
            where upper(visit) - lower(visit) <> make_interval(mins => duration_minutes) or not exists (
              select from weekly_schedule w
              where w.practitioner_id = a.practitioner_id and day_of_week = extract(isodow from lower(visit) at time zone time_zone)
                and starts <= (lower(visit) at time zone time_zone)::time and ends >= (upper(occupied) at time zone time_zone)::time)
            """)).ShouldBe(0);
        (await _database.ScalarAsync<bool>("""
            select min(lower(visit)) < timestamptz '2024-12-01' and max(lower(visit)) > timestamptz '2027-01-15' from appointment
            """)).ShouldBeTrue();
    }

    [Fact]
    public async Task Listeners_hear_once_that_everything_changed()
    {
        await using var listener = await _database.DataSource.OpenConnectionAsync();
        var heard = new ConcurrentQueue<string>();
        listener.Notification += (_, note) => heard.Enqueue(note.Payload);
        await using (var listen = new NpgsqlCommand("listen toolbackend_changes", listener))
        {
            await listen.ExecuteNonQueryAsync();
        }

        await RunAsync(_database, Few);

        // Notifications come before the answer of the next statement.
        await using var next = new NpgsqlCommand("select epoch || ' all' from cache_epoch", listener);
        var all = (string)(await next.ExecuteScalarAsync())!;
        heard.Where(payload => !payload.EndsWith(" directory:all", StringComparison.Ordinal)).ShouldBe([all]);
    }

    [Fact]
    public async Task A_run_that_is_cut_off_still_tells_the_listeners()
    {
        using var cut = new CancellationTokenSource();
        var progress = new Each(report =>
        {
            if (report.Table == "shipment")
            {
                cut.Cancel();
            }
        });

        await Should.ThrowAsync<OperationCanceledException>(new Generator(_database.DataSource, _clock).RunAsync(Few, progress, cut.Token));

        (await _database.ScalarAsync<long>("select count(*) from shipment")).ShouldBe(300);
        (await _database.ScalarAsync<long>("select epoch from cache_epoch")).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Two_runs_at_once_and_more_customers_than_phone_numbers_are_refused()
    {
        await Should.ThrowAsync<GeneratorRefusedException>(RunAsync(_database, Few with { Customers = 8_000_001 }));

        Task<GeneratorReport>? second = null;
        var progress = new Each(_ => second ??= RunAsync(_database, Few));
        await new Generator(_database.DataSource, _clock).RunAsync(Few, progress, CancellationToken.None);

        (await Should.ThrowAsync<GeneratorRefusedException>(second.ShouldNotBeNull())).Message.ShouldContain("another generator");
    }

    private Task<GeneratorReport> RunAsync(MigratedDatabase database, GeneratorOptions options) =>
        new Generator(database.DataSource, _clock).RunAsync(options, null, CancellationToken.None);

    private async Task CountsShouldBe(long customers, long shipments, long scans, long appointments) =>
        (await _database.ScalarAsync<string>("""
            select format('%s %s %s %s', (select count(*) from customer), (select count(*) from shipment), (select count(*) from scan_event), (select count(*) from appointment))
            """)).ShouldBe($"{customers} {shipments} {scans} {appointments}");

    private sealed class Each(Action<GeneratorProgress> act) : IProgress<GeneratorProgress>
    {
        public void Report(GeneratorProgress value) => act(value);
    }
}
