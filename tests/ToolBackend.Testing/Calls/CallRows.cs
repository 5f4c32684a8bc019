using Npgsql;
using ToolBackend.Core.Calls.Intake;
using ToolBackend.Core.Calls.State;

namespace ToolBackend.Testing.Calls;

/// <summary>Stores call states as the projector does: under its lock, with its statements, with a change for each.</summary>
public static class CallRows
{
    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(2);

    /// <summary>Returns the sequence number of the newest change, 0 when all were stored already.</summary>
    public static Task<long> SaveAsync(NpgsqlDataSource database, params CallState[] calls) =>
        SaveAsync(database, [.. calls.Select(c => (c, (IReadOnlyList<string>)[]))]);

    /// <summary>The same, with the ids that turned out to be other names of a call.</summary>
    public static async Task<long> SaveAsync(NpgsqlDataSource database, IReadOnlyList<(CallState State, IReadOnlyList<string> Absorbed)> calls)
    {
        await using var connection = await database.OpenConnectionAsync();
        while (true)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            if (await CallFolder.TryLockAsync(connection, CancellationToken.None))
            {
                var (_, newest) = await CallFoldSql.SaveAsync(connection, calls, TimeProvider.System.GetUtcNow(), CancellationToken.None);
                await transaction.CommitAsync();
                return newest;
            }

            await Task.Delay(s_turn);
        }
    }
}
