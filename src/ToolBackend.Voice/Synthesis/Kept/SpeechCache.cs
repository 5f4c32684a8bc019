using Microsoft.Extensions.Options;
using StackExchange.Redis;
using ToolBackend.Core.Caching;

namespace ToolBackend.Voice.Synthesis.Kept;

/// <summary>
/// Sentences that a voice says again and again, synthesised once per voice, its settings and the text. Kept in memory, where a call looks, and in Redis, where another replica or the next start of this
/// one finds them (<see cref="SpeechPreparation"/>). No call ever waits for Redis.
/// </summary>
/// <remarks>What was made for one call (with a caller's name in it) is kept in memory only.</remarks>
internal sealed class SpeechCache(RedisGate redis, IOptions<SpeechCacheOptions> options)
{
    /// <summary>Values are some 100 kB, and nobody waits for them.</summary>
    private const int Patience = 10;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Kept>> _kept = new(StringComparer.Ordinal);
    private readonly LinkedList<Kept> _byUse = new();
    private long _bytes;

    /// <summary>Bytes of audio in memory.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    /// <summary>From memory; null when it is not there.</summary>
    public IReadOnlyList<SpeechAudio>? Find(VoiceLink voice, string text)
    {
        var key = SpeechKey.Of(voice, text);
        lock (_gate)
        {
            if (!_kept.TryGetValue(key, out var node))
            {
                return null;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value.Audio;
        }
    }

    /// <summary>In memory.</summary>
    /// <param name="audio">All of it, in order, by this voice.</param>
    public void Keep(VoiceLink voice, string text, IReadOnlyList<SpeechAudio> audio)
    {
        var key = SpeechKey.Of(voice, text);
        var bytes = audio.Sum(a => a.MuLaw.Length);
        lock (_gate)
        {
            if (bytes == 0 || bytes > options.Value.SentenceBytes || _kept.ContainsKey(key))
            {
                return;
            }

            _kept.Add(key, _byUse.AddFirst(new Kept(key, audio, bytes)));
            _bytes += bytes;
            while (_bytes > options.Value.LocalBytes && _byUse.Last is { } last)
            {
                _byUse.RemoveLast();
                _kept.Remove(last.Value.Key);
                _bytes -= last.Value.Bytes;
            }
        }
    }

    /// <summary>Takes it from Redis into memory; false when it is not there, not whole, or Redis does not answer.</summary>
    public async ValueTask<bool> FetchAsync(VoiceLink voice, string text)
    {
        var key = SpeechKey.Of(voice, text);
        var (_, stored) = await redis.TryAsync(RedisKey(key), static (database, name) => database.StringGetAsync(name), Patience).ConfigureAwait(false);
        if (stored.IsNull || KeptSpeech.Read(key, stored!) is not { } audio)
        {
            return false;
        }

        Keep(voice, text, audio);
        return true;
    }

    /// <summary>Puts it into Redis, if it answers. For texts that are the same in every call.</summary>
    public async ValueTask ShareAsync(VoiceLink voice, string text, IReadOnlyList<SpeechAudio> audio)
    {
        var key = SpeechKey.Of(voice, text);
        var bytes = KeptSpeech.Write(key, audio);
        if (bytes.Length <= options.Value.SentenceBytes)
        {
            await redis.TryAsync(
                (name: RedisKey(key), bytes, lifetime: TimeSpan.FromDays(options.Value.SharedDays)),
                static (database, put) => database.StringSetAsync(put.name, put.bytes, put.lifetime, When.Always),
                Patience).ConfigureAwait(false);
        }
    }

    private string RedisKey(string key) => redis.Key("speech:1:" + key);

    private sealed record Kept(string Key, IReadOnlyList<SpeechAudio> Audio, int Bytes);
}
