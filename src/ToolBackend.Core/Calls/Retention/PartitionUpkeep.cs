using Npgsql;
using ToolBackend.Core.Data;
using ToolBackend.Core.Leadership;

namespace ToolBackend.Core.Calls.Retention;

/// <summary>Makes the partitions of this month and the next two, long before they are needed.</summary>
public sealed class PartitionUpkeep(Database database, TimeProvider time) : LeaderJob
{
    private const int Months = 3;

    public override string Name => "partitions";

    public override TimeSpan Interval => TimeSpan.FromHours(1);

    public override TimeSpan Deadline => TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public override Task RunAsync(CancellationToken cancellation) => database.WriteAsync(
        async (connection, _, ct) =>
        {
            // It locks the default partition: readers queue behind it for no longer than this.
            await using var command = new NpgsqlCommand("set local lock_timeout = '500ms'", connection);
            await command.ExecuteNonQueryAsync(ct);
            await using var ensure = new NpgsqlCommand("select ensure_call_event_partitions($1, $2)", connection)
            {
                Parameters = { new NpgsqlParameter<DateTime> { TypedValue = time.GetUtcNow().UtcDateTime }, new NpgsqlParameter<int> { TypedValue = Months } },
            };
            return (int)(await ensure.ExecuteScalarAsync(ct))!;
        },
        cancellation);
}
