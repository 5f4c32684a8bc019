using NodaTime;
using Npgsql;
using NpgsqlTypes;
using ToolBackend.Core.Caching;
using ToolBackend.Core.Data;
using ToolBackend.Core.Scheduling;

namespace ToolBackend.Core.Business;

/// <summary>Loads the directory whole, and keeps it in memory until a notification or a minute has passed.</summary>
public sealed class DirectoryReader(Database database, ReadThroughCache cache)
{
    private CacheKind<BusinessDirectory>? _kind;

    public ValueTask<Cached<BusinessDirectory>> GetAsync() => cache.GetAsync(_kind ??= NewKind(), "all");

    private CacheKind<BusinessDirectory> NewKind() => new("directory", json: null, (_, cancellation) => database.ReadAsync(LoadAsync, cancellation))
    {
        // Not in Redis: its parts (time zones) are process-local objects, and every process asks once a minute at most.
        FreshInMemory = TimeSpan.FromMinutes(1),
        FreshInRedis = TimeSpan.Zero,
        StaleIfError = TimeSpan.FromHours(1),
    };

    private static async Task<Versioned<BusinessDirectory>> LoadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint"),
                new("select location_id, name, time_zone from location order by location_id"),
                new("select service_id, name, duration_minutes, buffer_minutes from service where active order by service_id"),
                new("select practitioner_id, service_id from practitioner_service"),
                new("select practitioner_id, day_of_week, starts, ends, valid_from, valid_until from weekly_schedule order by practitioner_id, day_of_week, starts"),
                new("select location_id, practitioner_id, during from time_off where upper(during) > now() - interval '1 day'"),
                new("select practitioner_id, location_id, name from practitioner where active order by practitioner_id"),
                new("select pickup_point_id, name, address, city, opening_hours from pickup_point where active order by name"),
                new("select number::text, location_id, assistant_id, squad_id from phone_line"),
                new("select desk_id, day_of_week, opens, closes from desk_hours order by desk_id, day_of_week, opens"),
                new("select desk_id, name, number::text, skills, time_zone, priority from desk where active order by priority, desk_id"),
            },
        };
        await using var _ = batch.ConfigureAwait(false);
        var row = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = row.ConfigureAwait(false);

        var version = (await ReadAllAsync(row, r => r.GetInt64(0), cancellation).ConfigureAwait(false))[0];
        var locations = await ReadAllAsync(row, r => new Location(r.GetInt32(0), r.GetString(1), ZoneOf(r.GetString(2))), cancellation).ConfigureAwait(false);
        var services = await ReadAllAsync(
            row, r => new Service(r.GetInt32(0), r.GetString(1), Duration.FromMinutes(r.GetInt32(2)), Duration.FromMinutes(r.GetInt32(3))), cancellation).ConfigureAwait(false);
        var offers = (await ReadAllAsync(row, r => (Practitioner: r.GetInt32(0), Service: r.GetInt32(1)), cancellation).ConfigureAwait(false)).ToLookup(o => o.Practitioner, o => o.Service);
        var hours = (await ReadAllAsync(row, r => (Practitioner: r.GetInt32(0), Hours: HoursOf(r)), cancellation).ConfigureAwait(false)).ToLookup(h => h.Practitioner, h => h.Hours);
        var timeOff = await ReadAllAsync(
            row, r => (Location: r.GetInt32(0), Practitioner: r.IsDBNull(1) ? (int?)null : r.GetInt32(1), During: Ranges.ToInterval(r.GetFieldValue<NpgsqlRange<DateTime>>(2))), cancellation).ConfigureAwait(false);
        var practitioners = await ReadAllAsync(
            row,
            r => new Practitioner(
                r.GetInt32(0), r.GetString(2), locations.Single(l => l.Id == r.GetInt32(1)), offers[r.GetInt32(0)].ToHashSet(), [.. hours[r.GetInt32(0)]],
                [.. timeOff.Where(t => t.Location == r.GetInt32(1) && (t.Practitioner is null || t.Practitioner == r.GetInt32(0))).Select(t => t.During)]),
            cancellation).ConfigureAwait(false);
        var points = await ReadAllAsync(row, r => new PickupPoint(r.GetInt32(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4)), cancellation).ConfigureAwait(false);
        var lines = await ReadAllAsync(
            row, r => new PhoneLine(r.GetString(0), r.IsDBNull(1) ? null : r.GetInt32(1), r.IsDBNull(2) ? null : r.GetString(2), r.IsDBNull(3) ? null : r.GetString(3)), cancellation).ConfigureAwait(false);
        var deskHours = (await ReadAllAsync(
            row, r => (Desk: r.GetInt32(0), Hours: new DeskHours((IsoDayOfWeek)r.GetInt16(1), TimeOf(r, 2), TimeOf(r, 3))), cancellation).ConfigureAwait(false)).ToLookup(h => h.Desk, h => h.Hours);
        var desks = await ReadAllAsync(
            row, r => new Desk(r.GetString(1), r.GetString(2), r.GetFieldValue<string[]>(3), ZoneOf(r.GetString(4)), r.GetInt32(5), [.. deskHours[r.GetInt32(0)]]), cancellation).ConfigureAwait(false);

        return new(new BusinessDirectory(locations, services, practitioners, points, lines.ToDictionary(l => l.Number, StringComparer.Ordinal), desks), version);
    }

    /// <summary>All rows of the current result set; moves on to the next one.</summary>
    private static async Task<List<TRow>> ReadAllAsync<TRow>(NpgsqlDataReader row, Func<NpgsqlDataReader, TRow> read, CancellationToken cancellation)
    {
        var rows = new List<TRow>();
        while (await row.ReadAsync(cancellation).ConfigureAwait(false))
        {
            rows.Add(read(row));
        }

        await row.NextResultAsync(cancellation).ConfigureAwait(false);
        return rows;
    }

    private static WeeklyHours HoursOf(NpgsqlDataReader r) =>
        new((IsoDayOfWeek)r.GetInt16(1), TimeOf(r, 2), TimeOf(r, 3), DateOf(r, 4), DateOf(r, 5));

    private static LocalTime TimeOf(NpgsqlDataReader r, int column) => LocalTime.FromTimeOnly(r.GetFieldValue<TimeOnly>(column));

    private static LocalDate? DateOf(NpgsqlDataReader r, int column) => r.IsDBNull(column) ? null : LocalDate.FromDateOnly(r.GetFieldValue<DateOnly>(column));

    private static DateTimeZone ZoneOf(string id) =>
        DateTimeZoneProviders.Tzdb.GetZoneOrNull(id) ?? throw new InvalidOperationException($"The database names the time zone '{id}', which the IANA database does not have.");
}
