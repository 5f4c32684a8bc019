using ToolBackend.Core.Data.Seeding;
using ToolBackend.Testing;

namespace ToolBackend.Core.Tests.Data.Seeding;

public sealed class DemoSeedTests(PostgresCluster cluster) : IAsyncLifetime
{
    // A Friday before the clocks change on Sunday, 14 March 2027.
    private static readonly DateOnly Friday = new(2027, 3, 12);

    private const string Sizes = """
        select string_agg(format('%s=%s', relname, (xpath('/row/c/text()', query_to_xml(format('select count(*) as c from %I', relname), false, true, '')))[1]::text), ' ' order by relname)
        from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
        """;

    private MigratedDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await MigratedDatabase.CreateAsync(cluster);

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Seeding_again_on_the_same_or_a_later_day_adds_no_row()
    {
        (await SeedAsync(Friday)).ShouldBe(new DemoSeedReport(8, 0, 7));
        var sizes = await _database.ScalarAsync<string>(Sizes);
        sizes.ShouldContain("appointment=8 ");

        foreach (var later in (int[])[0, 1, 2, 3, 30, 365])
        {
            (await SeedAsync(Friday.AddDays(later))).ShouldBe(new DemoSeedReport(8, 0, 7));
            (await _database.ScalarAsync<string>(Sizes)).ShouldBe(sizes, $"{later} days later");
        }
    }

    [Theory]
    [InlineData(0, "2027-03-17 10:00", "2027-03-13")]
    [InlineData(1, "2027-03-17 10:00", "2027-03-14")]
    [InlineData(7, "2027-03-24 10:00", "2027-03-20")]
    public async Task The_demo_callers_rows_move_along_with_today(int daysLater, string visit, string promised)
    {
        await SeedAsync(Friday);
        await SeedAsync(Friday.AddDays(daysLater));

        (await _database.ScalarAsync<string>(
            $"select to_char(lower(visit) at time zone 'America/Los_Angeles', 'YYYY-MM-DD HH24:MI') from appointment where reference = '{DemoSeed.CallerReference}'"))
            .ShouldBe(visit);
        (await _database.ScalarAsync<DateTime>(
            $"select promised_on::timestamp from shipment where tracking_number = '{DemoSeed.CallerTrackingNumber}'"))
            .ToString("yyyy-MM-dd").ShouldBe(promised);
    }

    [Fact]
    public async Task The_demo_caller_has_one_coming_visit_and_two_open_parcels_with_scans_in_the_past()
    {
        await DemoSeed.RunAsync(_database.DataSource, null, CancellationToken.None);
        const string mine = $"customer_id = (select customer_id from customer where phone = '{DemoSeed.CallerPhone}')";

        (await _database.ScalarAsync<long>($"select count(*) from appointment where {mine} and status = 'booked' and lower(visit) > now()")).ShouldBe(1);
        (await _database.ScalarAsync<string>(
            $"select string_agg(tracking_number, ' ' order by tracking_number) from shipment where {mine} and status not in ('delivered', 'returned')"))
            .ShouldBe("TB1042 TB2077");
        (await _database.ScalarAsync<long>($"select count(*) from scan_event join shipment using (shipment_id) where {mine}")).ShouldBe(11);
        (await _database.ScalarAsync<long>("select count(*) from scan_event where scanned_at > now()")).ShouldBe(0);
    }

    [Fact]
    public async Task Every_booked_demo_visit_is_within_working_hours_on_every_day_of_a_year()
    {
        const string outside = """
            select count(*) from appointment a join location using (location_id)
            where status = 'booked' and not exists (
              select from weekly_schedule w
              where w.practitioner_id = a.practitioner_id and day_of_week = extract(isodow from lower(occupied) at time zone time_zone)
                and starts <= (lower(occupied) at time zone time_zone)::time and ends >= (upper(occupied) at time zone time_zone)::time)
            """;
        for (var day = 0; day < 366; day += 5)
        {
            (await SeedAsync(Friday.AddDays(day))).Skipped.ShouldBe(0);
            (await _database.ScalarAsync<long>(outside)).ShouldBe(0, $"{day} days later");
        }
    }

    [Fact]
    public async Task A_time_that_a_caller_has_booked_stays_theirs()
    {
        await SeedAsync(Friday);
        await _database.ExecuteAsync($"""
            delete from appointment where reference = '{DemoSeed.CallerReference}';
            insert into appointment (reference, customer_id, practitioner_id, location_id, service_id, visit, occupied)
            select 'THEIRS', customer_id, practitioner_id, location_id, service_id, tstzrange('2027-03-17 17:10Z', '2027-03-17 17:40Z'),
                   tstzrange('2027-03-17 17:10Z', '2027-03-17 17:50Z') from appointment where reference = 'HRB501'
            """);

        (await SeedAsync(Friday)).Skipped.ShouldBe(1);

        (await _database.ScalarAsync<long>("select count(*) from appointment where reference = 'THEIRS'")).ShouldBe(1);
        (await _database.ScalarAsync<long>($"select count(*) from appointment where reference = '{DemoSeed.CallerReference}'")).ShouldBe(0);
    }

    [Fact]
    public async Task What_an_owner_changed_for_good_is_kept()
    {
        await SeedAsync(Friday);
        await _database.ExecuteAsync($"""
            update phone_line set assistant_id = 'mine' where number = '{DemoSeed.ClinicLine}';
            update service set duration_minutes = 35 where name = 'Check-up';
            update desk set number = '+12065550199' where name = 'Billing';
            delete from weekly_schedule where day_of_week = 6;
            insert into customer (phone, name) values ('+12065550777', 'Somebody Else');
            """);

        await SeedAsync(Friday.AddDays(1));

        (await _database.ScalarAsync<bool>($"""
            select (select assistant_id = 'mine' from phone_line where number = '{DemoSeed.ClinicLine}')
               and (select duration_minutes = 35 from service where name = 'Check-up')
               and (select number = '+12065550199' from desk where name = 'Billing')
               and not exists (select from weekly_schedule where day_of_week = 6)
               and exists (select from customer where name = 'Somebody Else')
            """)).ShouldBeTrue();
    }

    [Fact]
    public async Task Two_seeds_at_once_leave_one_set()
    {
        var reports = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => SeedAsync(Friday)));

        reports.ShouldAllBe(report => report.Skipped == 0);
        (await _database.ScalarAsync<long>("select count(*) from appointment")).ShouldBe(8);
    }

    private Task<DemoSeedReport> SeedAsync(DateOnly today) => DemoSeed.RunAsync(_database.DataSource, today, CancellationToken.None);
}
