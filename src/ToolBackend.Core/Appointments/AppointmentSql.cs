using NodaTime;
using Npgsql;
using NpgsqlTypes;
using ToolBackend.Core.Data;
using ToolBackend.Core.Scheduling;

namespace ToolBackend.Core.Appointments;

/// <summary>An appointment as it stands inside a transaction.</summary>
public sealed record AppointmentRow(long Id, string Reference, int PractitionerId, string Practitioner, string Service, int ServiceId, Interval Visit, string Status, string TimeZone, string PhoneHash, string Owner);

/// <summary>How an attempt to occupy a time ended.</summary>
public enum Occupied
{
    Done,
    /// <summary>The exclusion constraint says that somebody was faster.</summary>
    Taken,
    /// <summary>The natural key says that this caller has this very appointment.</summary>
    AlreadyTheirs,
}

/// <summary>The statements on appointments. Constraint violations become values here; nothing above sees SQL states.</summary>
public static class AppointmentSql
{
    /// <summary>First half of the advisory lock's key; the second is the practitioner.</summary>
    private const int CalendarLock = 0x54424341;

    private const string Columns = """
        select a.appointment_id, a.reference, a.practitioner_id, p.name, s.name, a.service_id, a.visit, a.status, l.time_zone, phone_hash(c.phone), c.name
        from appointment a join practitioner p on p.practitioner_id = a.practitioner_id join service s on s.service_id = a.service_id
          join location l on l.location_id = a.location_id join customer c on c.customer_id = a.customer_id
        """;

    public static async Task<AppointmentRow?> LockAsync(NpgsqlConnection connection, long id, CancellationToken cancellation) =>
        await OneAsync(connection, Columns + " where a.appointment_id = $1 for update of a", cancellation, new NpgsqlParameter { Value = id }).ConfigureAwait(false);

    /// <summary>By its spoken reference, whoever's it is: the caller of this method checks the scope.</summary>
    public static async Task<AppointmentRow?> ByReferenceAsync(NpgsqlConnection connection, string reference, CancellationToken cancellation) =>
        await OneAsync(connection, Columns + " where a.reference = $1 and a.status = 'booked' and upper(a.visit) > now()", cancellation, Text(reference)).ConfigureAwait(false);

    /// <summary>The customer's own booking that starts at this instant, with anybody.</summary>
    public static async Task<AppointmentRow?> OwnAtAsync(NpgsqlConnection connection, long customerId, Instant start, CancellationToken cancellation) =>
        await OneAsync(
            connection, Columns + " where a.customer_id = $1 and lower(a.visit) = $2 and a.status = 'booked' limit 1", cancellation,
            new NpgsqlParameter { Value = customerId }, new NpgsqlParameter { Value = start.ToDateTimeUtc() }).ConfigureAwait(false);

    /// <summary>Inserts a booking behind a savepoint, so that a lost race leaves the transaction usable.</summary>
    public static async Task<(Occupied Result, string Reference)> InsertAsync(
        NpgsqlConnection connection, long customerId, VisitChoice choice, Slot slot, string callId, Func<string> newReference, CancellationToken cancellation)
    {
        while (true)
        {
            var reference = newReference();
            var insert = new NpgsqlBatchCommand("""
                insert into appointment (reference, customer_id, practitioner_id, location_id, service_id, visit, occupied, booked_in_call)
                values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (reference) where status = 'booked' do nothing
                """)
            {
                Parameters =
                {
                    Text(reference), new() { Value = customerId }, new() { Value = slot.PractitionerId }, new() { Value = choice.Location.Id }, new() { Value = choice.Service.Id },
                    Range(slot.Start, slot.End), Range(slot.Start, slot.End + choice.Service.Buffer), Text(callId),
                },
            };
            var result = await OccupyAsync(connection, slot.PractitionerId, insert, cancellation).ConfigureAwait(false);
            if (result is not Occupied.Done || insert.RecordsAffected == 1)
            {
                return (result, reference);
            }
        }
    }

    public static Task<Occupied> MoveAsync(NpgsqlConnection connection, long id, Slot slot, Duration buffer, CancellationToken cancellation) => OccupyAsync(
        connection,
        slot.PractitionerId,
        new NpgsqlBatchCommand("update appointment set practitioner_id = $2, visit = $3, occupied = $4, updated_at = now() where appointment_id = $1")
        {
            Parameters = { new() { Value = id }, new() { Value = slot.PractitionerId }, Range(slot.Start, slot.End), Range(slot.Start, slot.End + buffer) },
        },
        cancellation);

    public static async Task CancelAsync(NpgsqlConnection connection, long id, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand("update appointment set status = 'cancelled', cancelled_at = now(), updated_at = now() where appointment_id = $1", connection)
        {
            Parameters = { new() { Value = id } },
        };
        await using var _ = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    public static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text };

    public static NpgsqlParameter Range(Instant start, Instant end) => new() { Value = Ranges.Of(start, end), NpgsqlDbType = NpgsqlDbType.TimestampTzRange };

    /// <summary>
    /// Two transactions that insert overlapping rows at the same moment wait for each other until the deadlock detector wakes after a second. One
    /// lock per practitioner, held to the commit, makes them queue instead. Practitioners are always tried in the same order, so these
    /// locks cannot form a circle themselves. The constraint still decides: other writers need not know of the lock.
    /// </summary>
    private static async Task<Occupied> OccupyAsync(NpgsqlConnection connection, int practitionerId, NpgsqlBatchCommand statement, CancellationToken cancellation)
    {
        try
        {
            var batch = new NpgsqlBatch(connection) { BatchCommands = { new("savepoint occupy"), Queue(practitionerId), statement, new("release savepoint occupy") } };
            await using var _ = batch.ConfigureAwait(false);
            await batch.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            return Occupied.Done;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.ExclusionViolation or PostgresErrorCodes.UniqueViolation)
        {
            var command = new NpgsqlCommand("rollback to savepoint occupy", connection);
            await using var _ = command.ConfigureAwait(false);
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            return e.SqlState is PostgresErrorCodes.ExclusionViolation ? Occupied.Taken : Occupied.AlreadyTheirs;
        }
    }

    private static NpgsqlBatchCommand Queue(int practitionerId) => new("select pg_advisory_xact_lock($1, $2)")
    {
        Parameters = { new() { Value = CalendarLock }, new() { Value = practitionerId } },
    };

    private static async Task<AppointmentRow?> OneAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        await using var _ = command.ConfigureAwait(false);
        var row = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = row.ConfigureAwait(false);
        return await row.ReadAsync(cancellation).ConfigureAwait(false)
            ? new(
                row.GetInt64(0), row.GetString(1), row.GetInt32(2), row.GetString(3), row.GetString(4), row.GetInt32(5),
                Ranges.ToInterval(row.GetFieldValue<NpgsqlRange<DateTime>>(6)), row.GetString(7), row.GetString(8), row.GetString(9), row.GetString(10))
            : null;
    }
}
