using Npgsql;

namespace ToolBackend.Core.Data.Seeding;

/// <summary>One connection that loads many rows: a transaction per chunk, change notifications muted, COPY in binary.</summary>
internal sealed class BulkConnection(NpgsqlConnection connection)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    /// <summary>Runs one chunk. The triggers stay quiet: whoever loads announces once, at the end.</summary>
    public async Task ChunkAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync("set local toolbackend.bulk_load = 'on'; set local synchronous_commit = off", cancellationToken);
        await work();
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Copies rows that <paramref name="write"/> writes; leaving without an exception completes the copy.</summary>
    /// <param name="target">A table and its columns.</param>
    /// <param name="write">Writes rows, each opened by <c>StartRow</c>.</param>
    /// <param name="cancellationToken">Cancels and discards.</param>
    public async Task CopyAsync(string target, Action<NpgsqlBinaryImporter> write, CancellationToken cancellationToken)
    {
        await using var importer = await connection.BeginBinaryImportAsync($"copy {target} from stdin (format binary)", cancellationToken);
        importer.Timeout = Deadline;
        write(importer);
        await importer.CompleteAsync(cancellationToken);
    }

    /// <summary>
    /// Takes <paramref name="count"/> ids in a row from an identity column and returns the first. Altering the sequence locks it,
    /// so rows that others insert meanwhile get ids behind the block.
    /// </summary>
    public async Task<long> ReserveIdsAsync(string table, long count, CancellationToken cancellationToken)
    {
        var sequence = $"{table}_{table}_id_seq";
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync($"alter sequence {sequence} increment by 1", cancellationToken);
        var first = await ScalarAsync<long>($"select nextval('{sequence}')", cancellationToken);
        await ExecuteAsync($"select setval('{sequence}', {first + count - 1})", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return first;
    }

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = Command(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<T> ScalarAsync<T>(string sql, CancellationToken cancellationToken)
    {
        await using var command = Command(sql);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public NpgsqlCommand Command(string sql) => new(sql, connection) { CommandTimeout = (int)Deadline.TotalSeconds };
}
