using Microsoft.EntityFrameworkCore;
using Npgsql;
using ToolBackend.Core.Data.Model;

namespace ToolBackend.Api.Operator.Calls;

/// <summary>The names that a call is known by: Vapi's id, the pipeline's, Twilio's CallSid.</summary>
internal static class CallIds
{
    public const string Rule = "An id of a call: 1 to 128 characters.";

    public const string NotFound = "There is no call of this name.";

    /// <summary>The canonical id of the call named <c>@name</c>, which may be of no call.</summary>
    public const string Canonical = "coalesce((select call_id from call_alias where alias = @name), @name)";

    /// <summary>Postgres cannot hold a NUL in text.</summary>
    public static bool IsId(string text) => text.Length is > 0 and <= 128 && !text.Contains('\0', StringComparison.Ordinal);

    /// <summary>Null when there is no such call.</summary>
    public static async Task<(string CallId, string[] Names)?> ResolveAsync(ToolBackendDb db, string name, CancellationToken cancellation)
    {
        var found = await db.Database.SqlQueryRaw<Resolved>(
            $"""select call_id as "CallId", array(select alias from call_alias a where a.call_id = c.call_id) as "Names" from call c where call_id = {Canonical}""",
            new NpgsqlParameter("name", name)).ToListAsync(cancellation);
        return found is [var call] ? (call.CallId, [.. call.Names.Append(call.CallId).Distinct(StringComparer.Ordinal)]) : null;
    }

    private sealed class Resolved
    {
        public required string CallId { get; set; }
        public string[] Names { get; set; } = [];
    }
}
