using NodaTime;
using Npgsql;
using NpgsqlTypes;
using ToolBackend.Core.Data;

namespace ToolBackend.Core.Appointments;

/// <summary>What is booked, straight from the table: availability is never cached.</summary>
public static class BookedTimes
{
    public static NpgsqlBatchCommand Command(IReadOnlyList<int> practitionerIds, Interval window, long exceptAppointment = 0) => new(
        "select practitioner_id, occupied from appointment where practitioner_id = any($1) and occupied && $2 and status = 'booked' and appointment_id <> $3")
    {
        Parameters =
        {
            new() { Value = practitionerIds.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer },
            new() { Value = Ranges.Of(window.Start, window.End), NpgsqlDbType = NpgsqlDbType.TimestampTzRange },
            new() { Value = exceptAppointment },
        },
    };

    public static async Task<ILookup<int, Interval>> ReadAsync(NpgsqlDataReader row, CancellationToken cancellation)
    {
        var booked = new List<(int Practitioner, Interval Occupied)>();
        while (await row.ReadAsync(cancellation).ConfigureAwait(false))
        {
            booked.Add((row.GetInt32(0), Ranges.ToInterval(row.GetFieldValue<NpgsqlRange<DateTime>>(1))));
        }

        return booked.ToLookup(b => b.Practitioner, b => b.Occupied);
    }

    /// <summary>From one day before the date to a week after it: enough to offer other times when the asked one is taken.</summary>
    public static Interval WindowAround(LocalDate day, DateTimeZone zone) =>
        new(zone.AtStartOfDay(day.PlusDays(-1)).ToInstant(), zone.AtStartOfDay(day.PlusDays(8)).ToInstant());
}
