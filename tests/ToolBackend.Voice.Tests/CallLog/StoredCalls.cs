using Npgsql;
using ToolBackend.Core.Calls.State;
using ToolBackend.Testing;

namespace ToolBackend.Voice.Tests.CallLog;

/// <summary>What is stored of calls, as it was folded.</summary>
internal static class StoredCalls
{
    /// <summary>Waits until the call is over and reported.</summary>
    public static async Task<CallState> ReportedAsync(string connectionString, string callSid, TimeSpan? within = null)
    {
        CallState? state = null;
        await Eventually.IsTrueAsync(async () => (state = await FindAsync(connectionString, callSid)) is { IsEnded: true, HasReport: true }, within ?? TimeSpan.FromSeconds(10), $"no report was folded; last: {state?.ToJson()}");
        return state!;
    }

    public static async Task<CallState?> FindAsync(string connectionString, string callSid)
    {
        await using var connection = await OpenAsync(connectionString);
        await using var command = new NpgsqlCommand("select c.state from call c join call_alias a using (call_id) where a.alias = $1", connection) { Parameters = { new() { Value = callSid } } };
        return await command.ExecuteScalarAsync() is string json ? CallState.Parse(json) : null;
    }

    /// <summary>All that is kept of the call's events: facts and bodies.</summary>
    public static async Task<IReadOnlyList<(string Type, string Source, string Text)>> EventsAsync(string connectionString, string callSid)
    {
        await using var connection = await OpenAsync(connectionString);
        await using var command = new NpgsqlCommand("select type, source, facts || coalesce(body, '') from call_event where provider_call_id = $1 order by sent_at", connection) { Parameters = { new() { Value = callSid } } };
        await using var rows = await command.ExecuteReaderAsync();
        var events = new List<(string, string, string)>();
        while (await rows.ReadAsync())
        {
            events.Add((rows.GetString(0), rows.GetString(1), rows.GetString(2)));
        }

        return events;
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
