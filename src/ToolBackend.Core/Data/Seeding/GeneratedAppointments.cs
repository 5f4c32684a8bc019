using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace ToolBackend.Core.Data.Seeding;

internal readonly record struct GeneratedVisit(GeneratedPractitioner With, GeneratedService Service, DateTime StartsUtc);

/// <summary>
/// Visits on every weekday from two years ago to sixty days ahead. A day is a morning of three hours and an afternoon of four; a
/// visit takes at most one, so up to three and four of them, one after another with gaps, never overlap.
/// </summary>
internal sealed class GeneratedAppointments(Random random, DateTimeOffset now, long firstCustomer, long customers)
{
    public const string Target = "appointment (appointment_id, reference, customer_id, practitioner_id, location_id, service_id, visit, occupied, status, "
        + "created_at, updated_at, cancelled_at)";

    // Of the seven that fit: leaves time for callers to book.
    private const int PerDay = 6;
    private const int Step = 5;

    /// <summary>The weekdays that visits are spread over.</summary>
    public static IReadOnlyList<LocalDate> Days(DateTimeOffset now)
    {
        var today = LocalDate.FromDateTime(now.UtcDateTime);
        return [.. Enumerable.Range(-730, 730 + 61).Select(today.PlusDays).Where(day => day.DayOfWeek is not (IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday))];
    }

    /// <summary>How many practitioners it takes to see everybody.</summary>
    public static int PractitionersFor(long appointments, int days) => (int)((appointments + ((long)days * PerDay) - 1) / ((long)days * PerDay));

    /// <summary>Exactly <paramref name="total"/> visits, day by day, so that indexes on the start grow at their end.</summary>
    public IEnumerable<GeneratedVisit> Visits(GeneratedDirectory directory, IReadOnlyList<LocalDate> days, long total)
    {
        var cells = (Int128)days.Count * directory.Practitioners.Count;
        Int128 cell = 0;
        foreach (var day in days)
        {
            foreach (var practitioner in directory.Practitioners)
            {
                var count = (int)(((cell + 1) * total / cells) - (cell * total / cells));
                cell++;
                // Clocks change at night: nine o'clock's offset holds until the evening.
                var nine = practitioner.Zone.AtLeniently(day.At(new LocalTime(9, 0))).ToDateTimeUtc();
                var morning = Math.Min(3, (count + random.Next(2)) / 2);
                foreach (var visit in Half(practitioner, directory.Services, nine, 180, morning).Concat(
                    Half(practitioner, directory.Services, nine.AddHours(4), 240, count - morning)))
                {
                    yield return visit;
                }
            }
        }
    }

    public void Write(NpgsqlBinaryImporter row, long appointmentId, in GeneratedVisit visit)
    {
        var ends = visit.StartsUtc.AddMinutes(visit.Service.Minutes);
        var past = ends < now.UtcDateTime;
        var dice = random.Next(100);
        var status = dice < 8 ? "cancelled" : !past ? "booked" : dice < 15 ? "no_show" : "completed";
        var created = visit.StartsUtc.AddMinutes(-random.Next(60, 30 * 24 * 60));
        created = created > now.UtcDateTime ? now.UtcDateTime : created;

        row.StartRow();
        row.Write(appointmentId, NpgsqlDbType.Bigint);
        row.Write(GeneratedCodes.Reference(appointmentId), NpgsqlDbType.Text);
        row.Write(firstCustomer + random.NextInt64(customers), NpgsqlDbType.Bigint);
        row.Write(visit.With.PractitionerId, NpgsqlDbType.Integer);
        row.Write(visit.With.LocationId, NpgsqlDbType.Integer);
        row.Write(visit.Service.ServiceId, NpgsqlDbType.Integer);
        row.Write(new NpgsqlRange<DateTime>(visit.StartsUtc, true, ends, false), NpgsqlDbType.TimestampTzRange);
        row.Write(new NpgsqlRange<DateTime>(visit.StartsUtc, true, ends.AddMinutes(visit.Service.Buffer), false), NpgsqlDbType.TimestampTzRange);
        row.Write(status, NpgsqlDbType.Text);
        row.Write(created, NpgsqlDbType.TimestampTz);
        row.Write(created, NpgsqlDbType.TimestampTz);
        if (status == "cancelled")
        {
            row.Write(created, NpgsqlDbType.TimestampTz);
        }
        else
        {
            row.WriteNull();
        }
    }

    private IEnumerable<GeneratedVisit> Half(
        GeneratedPractitioner practitioner, IReadOnlyList<GeneratedService> services, DateTime startsUtc, int minutes, int count)
    {
        var chosen = new GeneratedService[count];
        for (var i = 0; i < count; i++)
        {
            chosen[i] = services[random.Next(services.Count)];
            minutes -= chosen[i].Minutes + chosen[i].Buffer;
        }
        var at = startsUtc;
        foreach (var service in chosen)
        {
            var gap = random.Next((minutes / Step) + 1) * Step;
            minutes -= gap;
            at = at.AddMinutes(gap);
            yield return new GeneratedVisit(practitioner, service, at);
            at = at.AddMinutes(service.Minutes + service.Buffer);
        }
    }
}
