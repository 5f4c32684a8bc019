using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using ToolBackend.Core.Data;
using ToolBackend.Core.Observability;
using ToolBackend.Core.Resilience;

namespace ToolBackend.Core.Tools;

/// <summary>One answered tool call. No arguments and no numbers: the caller is a hash.</summary>
public sealed record Invocation(
    DateTimeOffset At, string CallId, string ToolCallId, string Tool, string Outcome, bool Failed, string Source, float DurationMs, string? CallerHash);

/// <summary>
/// Writes invocations in batches, off the caller's time. When the database is gone, rows wait in a bounded queue; when that is
/// full the newest are dropped and counted.
/// </summary>
public sealed partial class InvocationLog(Database database, TimeProvider time, ILogger<InvocationLog> logger) : BackgroundService
{
    public const int Capacity = 20_000;
    private const int BatchSize = 1000;
    private static readonly TimeSpan s_linger = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(1);

    private readonly Channel<Invocation> _queue = Channel.CreateBounded<Invocation>(new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    public void Append(Invocation invocation)
    {
        if (!_queue.Writer.TryWrite(invocation))
        {
            Telemetry.LogDrops.Add(1);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Invocation>(BatchSize);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _queue.Reader.WaitToReadAsync(stoppingToken).ConfigureAwait(false);
                await Task.Delay(s_linger, time, stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }

            Fill(batch);
            while (batch.Count > 0 && !await TryStoreAsync(batch, stoppingToken).ConfigureAwait(false))
            {
                await Task.Delay(s_retry, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (stoppingToken.IsCancellationRequested)
                {
                    break;
                }
            }
        }

        // The last rows, tried once: the host is stopping.
        for (Fill(batch); batch.Count > 0; Fill(batch))
        {
            if (!await TryStoreAsync(batch, CancellationToken.None).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    private void Fill(List<Invocation> batch)
    {
        while (batch.Count < BatchSize && _queue.Reader.TryRead(out var next))
        {
            batch.Add(next);
        }
    }

    private async Task<bool> TryStoreAsync(List<Invocation> batch, CancellationToken cancellation)
    {
        try
        {
            await database.ReadAsync((connection, ct) => CopyAsync(connection, batch, ct), cancellation).ConfigureAwait(false);
            batch.Clear();
            return true;
        }
        catch (UpstreamException e)
        {
            LogDelayed(batch.Count, e.Failure);
            return false;
        }
    }

    private async Task<int> CopyAsync(NpgsqlConnection connection, List<Invocation> batch, CancellationToken cancellation)
    {
        var copy = await connection.BeginBinaryImportAsync(
            "copy tool_invocation (tool_invocation_id, at, call_id, tool_call_id, tool, outcome, failed, source, duration_ms, caller_hash) from stdin (format binary)", cancellation).ConfigureAwait(false);
        await using var _ = copy.ConfigureAwait(false);
        foreach (var row in batch)
        {
            await copy.StartRowAsync(cancellation).ConfigureAwait(false);
            await copy.WriteAsync(Guid.CreateVersion7(row.At), NpgsqlDbType.Uuid, cancellation).ConfigureAwait(false);
            await copy.WriteAsync(row.At.UtcDateTime, NpgsqlDbType.TimestampTz, cancellation).ConfigureAwait(false);
            await copy.WriteAsync(Storable(row.CallId), NpgsqlDbType.Text, cancellation).ConfigureAwait(false);
            await copy.WriteAsync(Storable(row.ToolCallId), NpgsqlDbType.Text, cancellation).ConfigureAwait(false);
            await copy.WriteAsync(row.Tool, NpgsqlDbType.Text, cancellation).ConfigureAwait(false);
            await copy.WriteAsync(row.Outcome, NpgsqlDbType.Text, cancellation).ConfigureAwait(false);
            await copy.WriteAsync(row.Failed, NpgsqlDbType.Boolean, cancellation).ConfigureAwait(false);
            await copy.WriteAsync(row.Source, NpgsqlDbType.Text, cancellation).ConfigureAwait(false);
            await copy.WriteAsync(row.DurationMs, NpgsqlDbType.Real, cancellation).ConfigureAwait(false);
            await copy.WriteAsync(row.CallerHash, NpgsqlDbType.Text, cancellation).ConfigureAwait(false);
        }

        await copy.CompleteAsync(cancellation).ConfigureAwait(false);
        return batch.Count;
    }

    /// <summary>Ids come from outside: Postgres text cannot hold NUL or a lone surrogate, and one bad row must not hold up a batch for ever.</summary>
    private static string Storable(string id)
    {
        var kept = id.Length > 128 ? id[..128] : id;
        return kept.Any(c => c == '\0' || char.IsSurrogate(c)) ? string.Concat(kept.Select(c => c == '\0' || char.IsSurrogate(c) ? '?' : c)) : kept;
    }

    [LoggerMessage(1301, LogLevel.Warning, "{Rows} rows of the tool invocation log wait for Postgres ({Failure})")]
    private partial void LogDelayed(int rows, UpstreamFailure failure);
}
