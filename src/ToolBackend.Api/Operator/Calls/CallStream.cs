using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.Live;
using ToolBackend.Core.Calls.State;
using ToolBackend.Core.Resilience;

namespace ToolBackend.Api.Operator.Calls;

/// <summary>The events of one stream, from its start to its end.</summary>
/// <remarks>
/// <code>
/// no id          call, call, ... (no ids)   synced (id = newest change included)   call (id) ...
/// id, kept                                                                         call (id) ...
/// id, too old    reset                      then as without an id
/// </code>
/// The open calls have no ids: a client that is cut off among them has nothing to resume from and gets them all again. In between, moments and comments
/// that show that the stream lives.
/// </remarks>
internal sealed class CallStream(OperatorReads reads, TimeProvider time)
{
    private const string CallEvent = "call";

    private static readonly TimeSpan s_reconnect = TimeSpan.FromSeconds(1);
    private static readonly byte[] s_comment = ": \n\n"u8.ToArray();

    /// <exception cref="UpstreamException">Postgres did not answer.</exception>
    public Task<Snapshot> SnapshotAsync(CancellationToken cancellation) => reads.RunAsync(
        async (db, ct) =>
        {
            var (calls, more, seq) = await OpenCalls.ReadAsync(db, ct);
            return new Snapshot([.. calls.Select(c => c.ToItem())], more, seq);
        },
        cancellation);

    /// <param name="subscription">Read here, by this stream only.</param>
    /// <param name="after">The last change that the client knows; not used with <paramref name="start"/>.</param>
    /// <param name="start">What the client is told first; null for one that goes on.</param>
    /// <param name="ends">Ends the stream cleanly.</param>
    public async IAsyncEnumerable<SseItem<string>> EventsAsync(
        LiveSubscription subscription, Watcher watcher, long after, Snapshot? start, [EnumeratorCancellation] CancellationToken ends)
    {
        // The headers go out with the first bytes, and the first event may be hours away.
        await watcher.Body.WriteAsync(s_comment, ends);
        while (!ends.IsCancellationRequested)
        {
            if (start is not null)
            {
                foreach (var call in start.Calls)
                {
                    yield return new SseItem<string>(call.ToJson(), CallEvent);
                }

                after = start.Seq;
                yield return Synced(start);
            }

            var expired = false;
            await foreach (var item in subscription.ReadAsync(after, ends))
            {
                switch (item)
                {
                    case LiveItem.Change change:
                        yield return new SseItem<string>(change.Payload, CallEvent) { EventId = change.Seq.ToString(CultureInfo.InvariantCulture) };
                        break;
                    case LiveItem.Told told:
                        yield return new SseItem<string>(await MomentAsync(watcher, told.Moment, ends), "moment");
                        break;
                    case LiveItem.Expired:
                        expired = true;
                        break;
                    default:
                        // Not an event: the framework's formatter knows no comments. Nothing else writes while this runs.
                        await watcher.Body.WriteAsync(s_comment, ends);
                        break;
                }
            }

            if (!expired)
            {
                yield break;
            }

            start = await TrySnapshotAsync(ends);
            if (start is null)
            {
                yield break; // the client comes back with its id
            }

            yield return new SseItem<string>("{}", "reset");
        }
    }

    private async Task<Snapshot?> TrySnapshotAsync(CancellationToken ends)
    {
        try
        {
            return await SnapshotAsync(ends);
        }
        catch (UpstreamException)
        {
            return null;
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Before the first change of all there is no id to go on from: an empty one makes the client forget an older one.</summary>
    private static SseItem<string> Synced(Snapshot start) => new(JsonSerializer.Serialize(new SyncedData(start.Calls.Count, start.More), CallStreamJson.Default.SyncedData), "synced")
    {
        EventId = start.Seq == 0 ? "" : start.Seq.ToString(CultureInfo.InvariantCulture),
        ReconnectionInterval = s_reconnect,
    };

    private async Task<string> MomentAsync(Watcher watcher, LiveMoment moment, CancellationToken ends)
    {
        var shown = watcher.WithText && moment.Text is not null && (watcher.Recorded.Contains(moment.CallRef) || await TryRecordAsync(watcher, moment.CallRef, ends));
        return JsonSerializer.Serialize(shown ? moment : moment with { Text = null }, CallStreamJson.Default.LiveMoment);
    }

    /// <summary>Once per call and stream. When it cannot be written the words are left out, and the next moment tries again.</summary>
    private async Task<bool> TryRecordAsync(Watcher watcher, string callRef, CancellationToken ends)
    {
        try
        {
            await reads.RunAsync((db, ct) => TranscriptAccess.RecordAsync(db, time, callRef, watcher.KeyId, TranscriptAccess.Stream, ct), ends);
        }
        catch (UpstreamException)
        {
            return false;
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            return false;
        }

        if (watcher.Recorded.Count >= Watcher.MaxRecorded)
        {
            watcher.Recorded.Clear(); // a row too many is no harm
        }

        return watcher.Recorded.Add(callRef);
    }

    internal sealed record Snapshot(IReadOnlyList<CallListItem> Calls, bool More, long Seq);

    /// <summary>Who watches.</summary>
    /// <param name="KeyId">Fingerprint of the key.</param>
    /// <param name="WithText">Whether the words of moments were asked for.</param>
    /// <param name="Body">Where comments are written.</param>
    internal sealed record Watcher(string KeyId, bool WithText, Stream Body)
    {
        public const int MaxRecorded = 10_000;

        /// <summary>Calls whose words this stream has shown.</summary>
        public HashSet<string> Recorded { get; } = new(StringComparer.Ordinal);
    }
}

/// <param name="Calls">How many open calls were sent.</param>
/// <param name="More">Whether there are more than are sent.</param>
internal sealed record SyncedData(int Calls, bool More);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SyncedData))]
[JsonSerializable(typeof(LiveMoment))]
internal sealed partial class CallStreamJson : JsonSerializerContext;
