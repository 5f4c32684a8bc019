using Microsoft.EntityFrameworkCore;
using Npgsql;
using ToolBackend.Core.Data.Model;
using ToolBackend.Core.Resilience;

namespace ToolBackend.Api.Operator.Calls;

/// <summary>Who looked at what was said: a row of <c>transcript_access</c>, written before the answer is sent.</summary>
internal static class TranscriptAccess
{
    public const string Call = "call";
    public const string Events = "events";
    public const string Stream = "stream";

    /// <param name="callId">Any name of the call; the canonical one is kept, where it is known.</param>
    /// <param name="keyId">Fingerprint of the operator's key.</param>
    /// <param name="view">What was looked at.</param>
    /// <exception cref="UpstreamException">It could not be written, for whatever reason: then nothing may be shown.</exception>
    public static async Task<bool> RecordAsync(ToolBackendDb db, TimeProvider time, string callId, string keyId, string view, CancellationToken cancellation)
    {
        var at = time.GetUtcNow();
        try
        {
            var rows = await db.Database.ExecuteSqlRawAsync(
                $"insert into transcript_access (transcript_access_id, at, call_id, key_id, view) values (@access, @at, {CallIds.Canonical}, @key, @view)",
                [
                    new NpgsqlParameter("access", Guid.CreateVersion7(at)), new NpgsqlParameter("at", at), new NpgsqlParameter("name", callId), new NpgsqlParameter("key", keyId),
                    new NpgsqlParameter("view", view),
                ],
                cancellation);
            return rows == 1;
        }
        catch (PostgresException e)
        {
            throw new UpstreamException("Postgres", UpstreamFailure.Rejected, e);
        }
    }
}
