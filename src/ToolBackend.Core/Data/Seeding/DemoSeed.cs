using System.Globalization;
using System.Text;
using Npgsql;

namespace ToolBackend.Core.Data.Seeding;

/// <summary>What a run of the demo seed left behind.</summary>
/// <param name="Visits">Demo appointments there should be.</param>
/// <param name="Skipped">Those left out because somebody else has booked their time.</param>
/// <param name="Shipments">Demo shipments.</param>
public sealed record DemoSeedReport(int Visits, int Skipped, int Shipments);

/// <summary>
/// The small readable demo set of <c>db/seed/demo.sql</c>, relative to today. Running it again moves its own rows to the new
/// today and leaves all others alone. One transaction; listeners hear of every changed row as of any other write.
/// </summary>
public static class DemoSeed
{
    /// <summary>Ana Silva: one appointment in a few days, two parcels on their way, one delivered.</summary>
    public const string CallerPhone = "+12065550142";

    /// <summary>Ana's parcel, in transit and promised for tomorrow.</summary>
    public const string CallerTrackingNumber = "TB1042";

    /// <summary>Ana's coming appointment.</summary>
    public const string CallerReference = "HRB101";

    /// <summary>Marcus Bell: somebody else's records, TB1024 among them.</summary>
    public const string OtherCallerPhone = "+12065550143";

    /// <summary>The line whose "here" is the clinic.</summary>
    public const string ClinicLine = "+12065550100";

    /// <summary>The line without a location: parcels.</summary>
    public const string CarrierLine = "+12065550101";

    public const string Clinic = "Harbor Street Clinic";

    private const long LockKey = 0x746F_6F6C_6264_6232;

    /// <param name="dataSource">A migrated database.</param>
    /// <param name="today">Replaces the database's own date in the clinic's zone; for tests.</param>
    /// <param name="cancellationToken">Cancels and rolls back.</param>
    public static async Task<DemoSeedReport> RunAsync(NpgsqlDataSource dataSource, DateOnly? today, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var prepare = new NpgsqlCommand(
            $"select pg_advisory_xact_lock({LockKey}), set_config('toolbackend.today', $1, true)", connection, transaction))
        {
            var value = today?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";
            prepare.Parameters.Add(new NpgsqlParameter<string> { TypedValue = value });
            await prepare.ExecuteNonQueryAsync(cancellationToken);
        }
        DemoSeedReport report;
        await using (var seed = new NpgsqlCommand(Script(), connection, transaction))
        {
            await using var reader = await seed.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            var visits = reader.GetInt32(0);
            report = new DemoSeedReport(visits, visits - reader.GetInt32(1), reader.GetInt32(2));
        }
        await transaction.CommitAsync(cancellationToken);
        return report;
    }

    private static string Script()
    {
        using var reader = new StreamReader(typeof(DemoSeed).Assembly.GetManifestResourceStream("seed/demo.sql")!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
