using Npgsql;
using NpgsqlTypes;
using ToolBackend.Core.Data;
using ToolBackend.Core.Scheduling;
using ToolBackend.Core.Tools;

namespace ToolBackend.Core.Appointments;

/// <summary>
/// The server's half of a two-step change. The first request asks; only a later message of the same call, for the same appointment and the same
/// change, may act. The model carries no token, so neither a mishearing nor an injected instruction can skip the question.
/// </summary>
/// <remarks>
/// <code>
/// request                       open question?      effect
/// confirmed absent or false     -                   ask; remember the question
/// confirmed true                none, other change  ask; remember the question
/// confirmed true                same message asked  ask again (a model cannot have heard the caller in between)
/// confirmed true                yes, not expired    act; forget the question
/// </code>
/// </remarks>
public static class PendingConfirmation
{
    public const string Cancel = "cancel";
    public const string Reschedule = "reschedule";

    /// <summary>Whether the caller was asked this and can have answered. Closes the question.</summary>
    public static async Task<bool> TakeAsync(NpgsqlConnection connection, ToolContext context, long appointmentId, string action, Slot? slot, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand("""
            delete from pending_confirmation
            where call_id = $1 and appointment_id = $2 and action = $3 and asked_in <> $4 and expires_at > $5
              and visit is not distinct from $6 and practitioner_id is not distinct from $7
            """, connection)
        {
            Parameters =
            {
                AppointmentSql.Text(context.Call.CallId), new() { Value = appointmentId }, AppointmentSql.Text(action), AppointmentSql.Text(context.Call.MessageId),
                new() { Value = context.Now.ToDateTimeUtc() }, Visit(slot), Practitioner(slot),
            },
        };
        await using var _ = command.ConfigureAwait(false);
        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false) == 1;
    }

    /// <summary>Remembers the question; a newer one about the same appointment replaces it.</summary>
    public static async Task AskAsync(
        NpgsqlConnection connection, ToolContext context, long appointmentId, string action, Slot? slot, int minutes, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand("""
            insert into pending_confirmation (call_id, appointment_id, action, asked_in, expires_at, visit, practitioner_id) values ($1, $2, $3, $4, $5, $6, $7)
            on conflict (call_id, appointment_id, action) do update
              set asked_in = excluded.asked_in, expires_at = excluded.expires_at, visit = excluded.visit, practitioner_id = excluded.practitioner_id
            """, connection)
        {
            Parameters =
            {
                AppointmentSql.Text(context.Call.CallId), new() { Value = appointmentId }, AppointmentSql.Text(action), AppointmentSql.Text(context.Call.MessageId),
                new() { Value = context.Now.ToDateTimeUtc().AddMinutes(minutes) }, Visit(slot), Practitioner(slot),
            },
        };
        await using var _ = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private static NpgsqlParameter Visit(Slot? slot) => new()
    {
        Value = slot is { } s ? Ranges.Of(s.Start, s.End) : DBNull.Value,
        NpgsqlDbType = NpgsqlDbType.TimestampTzRange,
    };

    private static NpgsqlParameter Practitioner(Slot? slot) => new() { Value = slot is { } s ? s.PractitionerId : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer };
}
