using System.Collections.Concurrent;
using StackExchange.Redis;
using ToolBackend.Core.Caching;

namespace ToolBackend.Voice.FrontDoor;

/// <summary>
/// One decision per call, however often Twilio delivers its webhook and to whichever replica: the first writes its claim into Redis and then the document, the others wait for that document. Without Redis
/// a replica knows its own deliveries only.
/// </summary>
internal sealed class DecisionBook(RedisGate redis, TimeProvider time)
{
    private const string Claimed = "claimed";

    /// <summary>Twilio's own patience is 15 s.</summary>
    private static readonly TimeSpan s_kept = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(25);

    private readonly ConcurrentDictionary<string, (DateTimeOffset At, Task<string> Document)> _own = new(StringComparer.Ordinal);

    /// <summary>The document of a call.</summary>
    /// <param name="decide">Run once on one replica; a replica whose fellow has not finished after <paramref name="patience"/> runs its own.</param>
    public async Task<string> OnceAsync(string callSid, Func<Task<string>> decide, TimeSpan patience)
    {
        var now = time.GetUtcNow();
        foreach (var (old, _) in _own.Where(d => now - d.Value.At > s_kept))
        {
            _own.TryRemove(old, out _);
        }

        var first = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var document = _own.GetOrAdd(callSid, (now, first.Task)).Document;
        if (document != first.Task)
        {
            return await document.ConfigureAwait(false);
        }

        try
        {
            first.SetResult(await AmongReplicasAsync(callSid, decide, patience).ConfigureAwait(false));
        }
        catch (Exception e)
        {
            _own.TryRemove(callSid, out _); // the next delivery tries again
            first.SetException(e);
        }

        return await document.ConfigureAwait(false);
    }

    private async Task<string> AmongReplicasAsync(string callSid, Func<Task<string>> decide, TimeSpan patience)
    {
        var key = redis.Key("front-door:1:" + callSid);
        var (answered, isFirst) = await redis.TryAsync(key, static (db, k) => db.StringSetAsync(k, Claimed, s_kept, When.NotExists)).ConfigureAwait(false);
        if (answered && !isFirst && await WaitAsync(key, patience).ConfigureAwait(false) is { } theirs)
        {
            return theirs;
        }

        var document = await decide().ConfigureAwait(false);
        await redis.TryAsync((key, document), static (db, call) => db.StringSetAsync(call.key, call.document, s_kept)).ConfigureAwait(false);
        return document;
    }

    private async Task<string?> WaitAsync(string key, TimeSpan patience)
    {
        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < patience)
        {
            var (answered, value) = await redis.TryAsync(key, static (db, k) => db.StringGetAsync(k)).ConfigureAwait(false);
            if (!answered || value.IsNull)
            {
                return null;
            }

            if (value != Claimed)
            {
                return value.ToString();
            }

            await Task.Delay(s_look, time).ConfigureAwait(false);
        }

        return null;
    }
}
