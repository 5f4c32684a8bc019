using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using ToolBackend.Core.Caching;
using ToolBackend.Testing;
using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Synthesis;
using ToolBackend.Voice.Synthesis.Kept;

namespace ToolBackend.Voice.Tests.Synthesis.Kept;

public sealed class SpeechCacheTests(RedisServer server) : IAsyncLifetime
{
    private static readonly VoiceLink s_voice = new(new SilentVoices(), new VoiceModel("11labs", "v1"));

    private static readonly SpeechAudio[] s_audio =
    [
        new(Sound(800, 1), new SpeechAlignment("Good mörning", [0, 10, 20, 30, 40, 50, 60, 70, 80, 85, 90, 95]), false), new(Sound(160, 2), null, true) { JoinedFlushes = 2 },
    ];

    private readonly string _prefix = "speech-" + Guid.NewGuid().ToString("N")[..12];
    private readonly List<RedisConnection> _connections = [];
    private ConnectionMultiplexer? _direct;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _direct = await ConnectionMultiplexer.ConnectAsync(server.Endpoint);

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            await connection.StopAsync(CancellationToken.None);
            connection.Dispose();
        }

        _direct?.Dispose();
    }

    [Fact]
    public async Task What_one_process_shares_another_fetches_whole()
    {
        var (one, other) = (await CacheAsync(), await CacheAsync());
        await one.ShareAsync(s_voice, "Good mörning", s_audio);
        other.Find(s_voice, "Good mörning").ShouldBeNull();
        (await other.FetchAsync(s_voice, "Good mörning")).ShouldBeTrue();
        var found = other.Find(s_voice, "Good mörning")!;
        found.Select(a => a.MuLaw.ToArray()).ShouldBe(s_audio.Select(a => a.MuLaw.ToArray()));
        found.Select(a => (a.EndsFlush, a.JoinedFlushes, a.GoesBackTo)).ShouldBe([(false, 0, null), (true, 2, null)]);
        found[0].Alignment!.Text.ShouldBe("Good mörning");
        found[0].Alignment!.StartMs.ShouldBe(s_audio[0].Alignment!.StartMs);
        found[1].Alignment.ShouldBeNull();

        var stored = Key("Good mörning");
        (await Database.KeyTimeToLiveAsync(stored)).ShouldNotBeNull().ShouldBeInRange(TimeSpan.FromDays(29.9), TimeSpan.FromDays(30));
        stored.ShouldNotContain("mörning"); // nothing of the text
        (await other.FetchAsync(s_voice, "Good evening")).ShouldBeFalse();
    }

    [Fact]
    public async Task What_was_changed_or_put_there_by_somebody_else_is_not_there()
    {
        var cache = await CacheAsync();
        await cache.ShareAsync(s_voice, "Hello.", s_audio);
        await cache.ShareAsync(s_voice, "Goodbye.", s_audio);
        var good = (byte[])(await Database.StringGetAsync(Key("Hello.")))!;
        var random = new Random(20261126);
        List<byte[]> bad = [[], [0], "{}"u8.ToArray(), new byte[5000], good[..^1], good[1..], [.. good, 0], (byte[])(await Database.StringGetAsync(Key("Goodbye.")))!];
        for (var i = 0; i < 200; i++)
        {
            var flipped = good.ToArray();
            flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
            bad.AddRange([flipped, good[..random.Next(good.Length)]]);
        }

        foreach (var value in bad)
        {
            await Database.StringSetAsync(Key("Hello."), value);
            (await cache.FetchAsync(s_voice, "Hello.")).ShouldBeFalse();
        }

        await Database.KeyDeleteAsync(Key("Hello."));
        await Database.ListLeftPushAsync(Key("Hello."), "a value of another type");
        (await cache.FetchAsync(s_voice, "Hello.")).ShouldBeFalse();
        cache.Bytes.ShouldBe(0);
        await Database.KeyDeleteAsync(Key("Hello."));
        await cache.ShareAsync(s_voice, "Hello.", s_audio);
        (await cache.FetchAsync(s_voice, "Hello.")).ShouldBeTrue();
    }

    [Fact]
    public async Task Without_Redis_memory_serves_alone()
    {
        var cache = await CacheAsync(endpoint: null);
        await cache.ShareAsync(s_voice, "Hello.", s_audio);
        (await cache.FetchAsync(s_voice, "Hello.")).ShouldBeFalse();
        cache.Keep(s_voice, "Hello.", s_audio);
        cache.Find(s_voice, "Hello.").ShouldBe(s_audio);
    }

    [Fact]
    public async Task Memory_is_bounded_and_what_was_not_used_for_longest_goes()
    {
        var cache = await CacheAsync(new SpeechCacheOptions { LocalBytes = 1 << 20, SentenceBytes = 100_000 });
        for (var i = 0; i < 30; i++)
        {
            cache.Keep(s_voice, $"Sentence {i}.", [new(Sound(50_000, i), null, false)]);
            cache.Find(s_voice, "Sentence 0.").ShouldNotBeNull();
        }

        cache.Bytes.ShouldBe(20 * 50_000);
        Enumerable.Range(0, 30).Where(i => cache.Find(s_voice, $"Sentence {i}.") is not null).ShouldBe([0, .. Enumerable.Range(11, 19)]);

        cache.Keep(s_voice, "Too long.", [new(Sound(100_001, 1), null, false)]);
        cache.Find(s_voice, "Too long.").ShouldBeNull();
        await cache.ShareAsync(s_voice, "Too long.", [new(Sound(100_001, 1), null, false)]);
        (await Database.KeyExistsAsync(Key("Too long."))).ShouldBeFalse();
    }

    private IDatabase Database => _direct!.GetDatabase();

    private string Key(string text) => $"{_prefix}:speech:1:{SpeechKey.Of(s_voice, text)}";

    private async Task<SpeechCache> CacheAsync(SpeechCacheOptions? options = null) => await CacheAsync(server.Endpoint, options);

    private async Task<SpeechCache> CacheAsync(string? endpoint, SpeechCacheOptions? options = null)
    {
        var connection = new RedisConnection(endpoint);
        _connections.Add(connection);
        await connection.StartAsync(Cancellation);
        var gate = new RedisGate(connection, Options.Create(new RedisOptions { KeyPrefix = _prefix, CommandDeadlineMilliseconds = 500 }), TimeProvider.System, NullLogger<RedisGate>.Instance);
        if (endpoint is not null)
        {
            await Eventually.IsTrueAsync(() => Task.FromResult(gate.IsConnected), TimeSpan.FromSeconds(5), "Redis was not connected");
        }

        return new SpeechCache(gate, Options.Create(options ?? new SpeechCacheOptions()));
    }

    private static byte[] Sound(int bytes, int seed)
    {
        var sound = new byte[bytes];
        new Random(seed).NextBytes(sound);
        return sound;
    }
}
