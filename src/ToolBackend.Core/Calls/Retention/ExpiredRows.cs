using Npgsql;
using ToolBackend.Core.Data;

namespace ToolBackend.Core.Calls.Retention;

/// <summary>Deletes rows of a table that are older than a moment, a bounded number per statement.</summary>
internal static class ExpiredRows
{
    /// <summary>Short locks, and a late run does not stall the database.</summary>
    private const int Slice = 5000;

    /// <param name="table">Of this product's own: it is part of the statement, like <paramref name="column"/>.</param>
    /// <param name="column">A time with an index.</param>
    public static async Task<long> DeleteAsync(Database database, string table, string column, DateTimeOffset before, CancellationToken cancellation)
    {
        var all = 0L;
        int deleted;
        do
        {
            deleted = await database.ReadAsync(
                async (connection, ct) =>
                {
                    await using var command = new NpgsqlCommand($"delete from {table} where ctid = any(array(select ctid from {table} where {column} < $1 limit {Slice}))", connection)
                    {
                        Parameters = { new NpgsqlParameter<DateTime> { TypedValue = before.UtcDateTime } },
                    };
                    return await command.ExecuteNonQueryAsync(ct);
                },
                cancellation);
            all += deleted;
        }
        while (deleted == Slice);
        return all;
    }
}
