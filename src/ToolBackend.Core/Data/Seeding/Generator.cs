using Npgsql;
using NpgsqlTypes;
using ToolBackend.Core.Calls.State;

namespace ToolBackend.Core.Data.Seeding;

/// <summary>How much to generate.</summary>
public sealed record GeneratorOptions
{
    public long Shipments { get; init; }

    public long Appointments { get; init; }

    /// <summary>Ended calls, with five events each.</summary>
    public long Calls { get; init; }

    /// <summary>New customers that the rows belong to. Default: a quarter of the shipments, at least 1000. At most 8 million in one database.</summary>
    public int? Customers { get; init; }

    /// <summary>The same seed on an empty database at the same moment makes the same rows. Default 1.</summary>
    public int RandomSeed { get; init; } = 1;

    /// <summary>Rows per transaction, and so what is held in memory. Default 50,000.</summary>
    public int ChunkRows { get; init; } = 50_000;
}

/// <summary>So many rows of a table are committed.</summary>
public sealed record GeneratorProgress(string Table, long Done, long Total);

public sealed record GeneratorReport(long Customers, long Shipments, long ScanEvents, long Appointments, long Calls, TimeSpan Duration);

/// <summary>The generator cannot start; the message says what to do.</summary>
public sealed class GeneratorRefusedException(string message) : Exception(message);

/// <summary>
/// Fills a database with believable rows by binary COPY. It only adds: a second run adds as many again, for new customers and new
/// practitioners. Interrupted, it leaves the chunks that were committed.
/// </summary>
public sealed class Generator(NpgsqlDataSource dataSource, TimeProvider time)
{
    private const long LockKey = 0x746F_6F6C_6264_6233;

    /// <exception cref="GeneratorRefusedException">Another run is under way, or the phone numbers do not suffice.</exception>
    public async Task<GeneratorReport> RunAsync(GeneratorOptions options, IProgress<GeneratorProgress>? progress, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        await using var guard = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var holding = await guard.BeginTransactionAsync(cancellationToken);
        if (!await new BulkConnection(guard).ScalarAsync<bool>($"select pg_try_advisory_xact_lock({LockKey})", cancellationToken))
        {
            throw new GeneratorRefusedException("another generator is filling this database: wait until it is done");
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var load = new Load(new BulkConnection(connection), options, time.GetUtcNow(), progress);
        try
        {
            await load.CustomersAsync(cancellationToken);
            await load.ShipmentsAsync(cancellationToken);
            await load.AppointmentsAsync(cancellationToken);
            await load.CallsAsync(cancellationToken);
        }
        finally
        {
            await AnnounceAsync();
        }
        // Vacuumed now, so that autovacuum does not start in the middle of whatever the rows were made for.
        await load.ExecuteAsync("vacuum (analyze) customer, shipment, scan_event, practitioner, weekly_schedule, appointment, call_event, call, call_alias", cancellationToken);
        return load.Report(time.GetElapsedTime(started));
    }

    // Also after a failure: chunks may have been committed while the triggers were quiet.
    private async Task AnnounceAsync()
    {
        await using var announce = dataSource.CreateCommand("""
            with marked as (update cache_epoch set epoch = pg_current_xact_id()::text::bigint returning epoch)
            select pg_notify('toolbackend_changes', epoch || ' all') from marked
            """);
        await announce.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private sealed class Load(BulkConnection connection, GeneratorOptions options, DateTimeOffset now, IProgress<GeneratorProgress>? progress)
    {
        private readonly int _customers = options.Customers ?? (int)Math.Min(GeneratedCodes.Phones, Math.Max(1000, options.Shipments / 4));
        private long _firstCustomer;
        private long _scans;

        public GeneratorReport Report(TimeSpan duration) => new(_customers, options.Shipments, _scans, options.Appointments, options.Calls, duration);

        public Task ExecuteAsync(string sql, CancellationToken cancellationToken) => connection.ExecuteAsync(sql, cancellationToken);

        public async Task CustomersAsync(CancellationToken cancellationToken)
        {
            var ordinal = await connection.ScalarAsync<int>(
                $"select coalesce(max(substr(phone, 6)::int) + 1, {GeneratedCodes.FirstPhone}) from customer where phone ~ '^\\+1500[2-9][0-9]{{6}}$'",
                cancellationToken) - GeneratedCodes.FirstPhone;
            if (_customers < 1 || _customers > GeneratedCodes.Phones - ordinal)
            {
                throw new GeneratorRefusedException(
                    $"{_customers} customers asked for, {GeneratedCodes.Phones - ordinal} generated phone numbers are left: ask for fewer with --customers");
            }
            _firstCustomer = await connection.ReserveIdsAsync("customer", _customers, cancellationToken);
            await ChunksAsync("customer", _customers, async (offset, count, random) =>
                await connection.CopyAsync("customer (customer_id, phone, name)", row =>
                {
                    for (var i = offset; i < offset + count; i++)
                    {
                        row.StartRow();
                        row.Write(_firstCustomer + i, NpgsqlDbType.Bigint);
                        row.Write(GeneratedCodes.Phone(ordinal + (int)i), NpgsqlDbType.Text);
                        row.Write(GeneratedWords.Person(random), NpgsqlDbType.Text);
                    }
                }, cancellationToken), cancellationToken);
        }

        public async Task ShipmentsAsync(CancellationToken cancellationToken)
        {
            if (options.Shipments == 0)
            {
                return;
            }
            var first = await connection.ReserveIdsAsync("shipment", options.Shipments, cancellationToken);
            var scans = new List<GeneratedScan>(options.ChunkRows * 5 / 2);
            await ChunksAsync("shipment", options.Shipments, async (offset, count, random) =>
            {
                scans.Clear();
                var shipments = new GeneratedShipments(random, now, _firstCustomer, _customers);
                await connection.CopyAsync(GeneratedShipments.Target, row =>
                {
                    for (var i = offset; i < offset + count; i++)
                    {
                        shipments.Write(row, first + i, scans);
                    }
                }, cancellationToken);
                await connection.CopyAsync(GeneratedShipments.ScanTarget, row =>
                {
                    foreach (ref readonly var scan in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(scans))
                    {
                        GeneratedShipments.Write(row, scan);
                    }
                }, cancellationToken);
                _scans += scans.Count;
            }, cancellationToken);
        }

        public async Task AppointmentsAsync(CancellationToken cancellationToken)
        {
            if (options.Appointments == 0)
            {
                return;
            }
            var days = GeneratedAppointments.Days(now);
            var people = GeneratedAppointments.PractitionersFor(options.Appointments, days.Count);
            GeneratedDirectory? directory = null;
            await connection.ChunkAsync(
                async () => directory = await GeneratedDirectory.CreateAsync(connection, people, cancellationToken), cancellationToken);
            var first = await connection.ReserveIdsAsync("appointment", options.Appointments, cancellationToken);
            var appointments = new GeneratedAppointments(new Random(options.RandomSeed), now, _firstCustomer, _customers);
            using var visits = appointments.Visits(directory!, days, options.Appointments).GetEnumerator();
            await ChunksAsync("appointment", options.Appointments, async (offset, count, _) =>
                await connection.CopyAsync(GeneratedAppointments.Target, row =>
                {
                    for (var i = offset; i < offset + count && visits.MoveNext(); i++)
                    {
                        appointments.Write(row, first + i, visits.Current);
                    }
                }, cancellationToken), cancellationToken);
        }

        public async Task CallsAsync(CancellationToken cancellationToken)
        {
            if (options.Calls == 0)
            {
                return;
            }
            await connection.ExecuteAsync(GeneratedCalls.Staging, cancellationToken);
            await connection.ScalarAsync<int>($"select ensure_call_event_partitions(now() - interval '{GeneratedCalls.Days} days', {(GeneratedCalls.Days / 30) + 2})", cancellationToken);
            var run = await connection.ScalarAsync<long>("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint", cancellationToken);
            await ChunksAsync("call", options.Calls, async (offset, count, random) =>
            {
                var generated = new GeneratedCalls(random, now, run);
                var calls = Enumerable.Range(0, count).Select(i => generated.Next(offset + i)).ToList();
                var states = calls.ConvertAll(CallFold.Fold);
                await connection.CopyAsync(GeneratedCalls.EventTarget, row => calls.ForEach(events => events.ForEach(e => GeneratedCalls.WriteEvent(row, e))), cancellationToken);
                await connection.CopyAsync(GeneratedCalls.CallTarget, row => states.ForEach(s => GeneratedCalls.WriteCall(row, s)), cancellationToken);
                await connection.ExecuteAsync(GeneratedCalls.FromStaging, cancellationToken);
                await connection.CopyAsync(GeneratedCalls.AliasTarget, row =>
                {
                    foreach (var (alias, callId) in states.SelectMany(s => s.Aliases.Select(a => (a, s.CallId))))
                    {
                        row.StartRow();
                        row.Write(alias, NpgsqlDbType.Text);
                        row.Write(callId, NpgsqlDbType.Text);
                    }
                }, cancellationToken);
            }, cancellationToken);
        }

        private async Task ChunksAsync(string table, long total, Func<long, int, Random, Task> write, CancellationToken cancellationToken)
        {
            for (long offset = 0; offset < total; offset += options.ChunkRows)
            {
                var (from, count) = (offset, (int)Math.Min(options.ChunkRows, total - offset));
                var random = new Random(unchecked((options.RandomSeed * 397) ^ (int)(from / options.ChunkRows)));
                await connection.ChunkAsync(() => write(from, count, random), cancellationToken);
                progress?.Report(new GeneratorProgress(table, from + count, total));
            }
        }
    }
}
