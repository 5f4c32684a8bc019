using System.Globalization;
using Npgsql;
using ToolBackend.Load.Children;
using ToolBackend.Load.Driver;

namespace ToolBackend.Load.Bench;

/// <summary>Bookings that meet only where they are meant to: each its own caller and slot, one in a hundred on the slot before.</summary>
internal sealed class Bookings(ServerProcess server, WebhookRequests requests, TimeProvider time)
{
    /// <summary>Callers there are; each books once.</summary>
    public const int Customers = 120_000;

    private const int Contended = 100;
    private const int SlotsPerDay = 48;

    // Two words each: names that sound alike would make the caller choose.
    private static readonly string[] s_words =
        ["Alpha", "Bravo", "Charlie", "Delta", "Foxtrot", "Juliett", "Kilo", "Lima", "Oscar", "Quebec", "Romeo", "Sierra", "Tango", "Uniform", "Victor", "Whiskey", "Yankee", "Zulu"];

    private static readonly string[] s_practitioners = [.. s_words.SelectMany((first, i) => s_words.Skip(i + 1).Select(second => $"Doctor {first} {second}")).Take(60)];

    private long _next;

    /// <summary>Sixty practitioners who work seven to seven every day, and everybody who will call.</summary>
    public static async Task PrepareAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"""
            insert into location (name, time_zone) values ('Bench Clinic', 'UTC');
            insert into service (name, duration_minutes, buffer_minutes) values ('Check-up', 15, 0);
            insert into practitioner (location_id, name) select location_id, person from location, unnest(array['{string.Join("','", s_practitioners)}']) person where name = 'Bench Clinic';
            insert into practitioner_service (practitioner_id, service_id) select practitioner_id, service_id from practitioner, service;
            insert into weekly_schedule (practitioner_id, day_of_week, starts, ends) select practitioner_id, day, '07:00', '19:00' from practitioner, generate_series(1, 7) day;
            set session_replication_role = replica;
            insert into customer (phone, name) select '+1500' || 2000000 + n, 'Bench Caller' from generate_series(0, {Customers - 1}) n;
            set session_replication_role = origin;
            analyze;
            """);
        command.CommandTimeout = 120;
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Goes on where the last run ended.</summary>
    public Workload Next()
    {
        var tomorrow = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(2);
        return new Workload(server.Port, _ => Interlocked.Increment(ref _next) - 1 is var n && n < Customers ? Book(n, tomorrow) : null, Judge);
    }

    private byte[] Book(long n, DateOnly firstDay)
    {
        var slot = n % Contended == Contended - 1 ? n - 1 : n;
        var round = slot / s_practitioners.Length;
        var start = new TimeOnly(7, 0).AddMinutes(15 * (round % SlotsPerDay));
        var arguments = string.Create(CultureInfo.InvariantCulture,
            $$"""{"service":"Check-up","date":"{{firstDay.AddDays((int)(round / SlotsPerDay)):yyyy-MM-dd}}","time":"{{start:h:mm tt}}","practitioner":"{{s_practitioners[slot % s_practitioners.Length]}}"}""");
        return requests.ToolCall($"book{n:D7}", (int)n, "book_appointment", arguments, $"+1500{2_000_000 + n}", 2_000);
    }

    private static Verdict Judge(ReadOnlySpan<byte> body) =>
        body.IndexOf("Booked: "u8) >= 0 ? Verdict.AsExpected : body.IndexOf("is not free"u8) >= 0 ? Verdict.Taken : Verdict.Wrong;
}
