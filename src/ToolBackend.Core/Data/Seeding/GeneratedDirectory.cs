using NodaTime;

namespace ToolBackend.Core.Data.Seeding;

internal sealed record GeneratedPractitioner(int PractitionerId, int LocationId, DateTimeZone Zone);

internal sealed record GeneratedService(int ServiceId, int Minutes, int Buffer);

/// <summary>Who the generated appointments are with: new clinics of up to five practitioners each, who all offer the same three services.</summary>
internal sealed record GeneratedDirectory(IReadOnlyList<GeneratedPractitioner> Practitioners, IReadOnlyList<GeneratedService> Services)
{
    private const int PerLocation = 5;

    private const string InsertServices = """
        insert into service (name, duration_minutes, buffer_minutes)
        values ('Check-up', 30, 10), ('Cleaning', 45, 15), ('Consultation', 20, 10) on conflict (name) do nothing
        """;

    // The longest stay that seven visits a day have room for (GeneratedAppointments).
    private const string SelectServices = """
        select service_id, duration_minutes, buffer_minutes from service
        where name in ('Check-up', 'Cleaning', 'Consultation') and duration_minutes + buffer_minutes <= 60 order by service_id
        """;

    private const string InsertPractitioners = """
        with place as (
          insert into location (name, time_zone, address)
          select format('Generated Clinic %s', to_char(number, 'FM0000')), zones[1 + number % cardinality(zones)], 'Generated Street ' || number
          from (select coalesce(max(substr(name, 18)::int), 0) as newest from location where name ~ '^Generated Clinic [0-9]{4,9}$') before,
               generate_series(newest + 1, newest + $1) number, (select $2::text[] as zones) z
          returning location_id, time_zone),
        numbered as (select location_id, (row_number() over (order by location_id))::int - 1 as place from place),
        person as (
          insert into practitioner (location_id, name)
          select location_id, format('Doctor %s %s', $3[1 + (place * 5 + n) % cardinality($3)], $4[1 + (place * 7 + n * 3) % cardinality($4)])
          from numbered, generate_series(0, 4) n where place * 5 + n < $5
          returning practitioner_id, location_id)
        select practitioner_id, location_id, time_zone from person join place using (location_id) order by practitioner_id
        """;

    private const string InsertWork = """
        insert into practitioner_service (practitioner_id, service_id) select p, s from unnest($1) p, unnest($2) s;
        """;

    private const string InsertWeek = """
        insert into weekly_schedule (practitioner_id, day_of_week, starts, ends)
        select p, day, starts, ends from unnest($1) p, generate_series(1, 5) day,
               (values (time '09:00', time '12:00'), (time '13:00', time '17:00')) as half (starts, ends)
        """;

    public static async Task<GeneratedDirectory> CreateAsync(BulkConnection connection, int practitioners, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(InsertServices, cancellationToken);
        var services = new List<GeneratedService>();
        await using (var select = connection.Command(SelectServices))
        {
            await using var reader = await select.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                services.Add(new(reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2)));
            }
        }

        if (services.Count == 0)
        {
            throw new GeneratorRefusedException("Check-up, Cleaning and Consultation all take longer than an hour here: nothing to generate visits of");
        }

        var people = new List<GeneratedPractitioner>(practitioners);
        await using (var insert = connection.Command(InsertPractitioners))
        {
            insert.Parameters.Add(new() { Value = (practitioners + PerLocation - 1) / PerLocation });
            insert.Parameters.Add(new() { Value = GeneratedWords.Cities.Select(city => city.TimeZone).Distinct().ToArray() });
            insert.Parameters.Add(new() { Value = GeneratedWords.FirstNames });
            insert.Parameters.Add(new() { Value = GeneratedWords.LastNames });
            insert.Parameters.Add(new() { Value = practitioners });
            await using var reader = await insert.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                people.Add(new(reader.GetInt32(0), reader.GetInt32(1), DateTimeZoneProviders.Tzdb[reader.GetString(2)]));
            }
        }

        var ids = people.Select(person => person.PractitionerId).ToArray();
        await using (var work = connection.Command(InsertWork))
        {
            work.Parameters.Add(new() { Value = ids });
            work.Parameters.Add(new() { Value = services.Select(service => service.ServiceId).ToArray() });
            await work.ExecuteNonQueryAsync(cancellationToken);
        }
        await using (var week = connection.Command(InsertWeek))
        {
            week.Parameters.Add(new() { Value = ids });
            await week.ExecuteNonQueryAsync(cancellationToken);
        }
        return new GeneratedDirectory(people, services);
    }
}
