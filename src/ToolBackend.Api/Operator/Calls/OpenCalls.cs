using System.Data;
using Microsoft.EntityFrameworkCore;
using ToolBackend.Core.Data.Model;

namespace ToolBackend.Api.Operator.Calls;

/// <summary>The calls that are open, and the newest change that this includes, both of one snapshot: every later change has a higher number.</summary>
internal static class OpenCalls
{
    public const int Max = 2000;

    public static async Task<(List<CallLine> Calls, bool More, long Seq)> ReadAsync(ToolBackendDb db, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        var (sql, _) = CallSearch.Statement(new CallFilter { Open = true, Limit = Max });
        var calls = await db.Database.SqlQueryRaw<CallLine>(sql).ToListAsync(cancellation);
        var seq = (await db.Database.SqlQueryRaw<long>("""select coalesce(max(seq), 0) as "Value" from call_change""").ToListAsync(cancellation)).Single();
        return (calls.Count > Max ? calls[..Max] : calls, calls.Count > Max, seq);
    }
}
