using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ToolBackend.Core.Caching;
using ToolBackend.Core.Resilience.Health;
using ToolBackend.LocalStack;
using ToolBackend.Testing;

namespace ToolBackend.Core.Tests.Resilience.Health;

/// <summary>Replicas that share a Redis, lose it, and have none.</summary>
public sealed class HealthBoardTests(RedisServer redis)
{
    private readonly ManualClock _clock = new();
    private readonly string _prefix = $"health-{Guid.NewGuid():N}"[..20];
    private HealthCause? _probed = HealthCause.Connectivity;
    private int _probes;

    [Fact]
    public async Task What_one_replica_finds_out_the_other_knows_at_its_next_beat()
    {
        await using var a = await ReplicaAsync(redis.Endpoint);
        await using var b = await ReplicaAsync(redis.Endpoint);
        Fail(a, 3);
        a.Board.Admits("vapi").ShouldBeFalse();
        await a.Board.BeatAsync(default);
        b.Board.Admits("vapi").ShouldBeTrue();
        await b.Board.BeatAsync(default);
        b.Board.Admits("vapi").ShouldBeFalse("the other replica told");
        var change = b.Board.Recent.ShouldHaveSingleItem();
        (change.Provider, change.IsTold, change.Transition.To).ShouldBe(("vapi", true, HealthPhase.Down));
    }

    [Fact]
    public async Task It_comes_back_on_all_of_them_through_probes_and_probation()
    {
        await using var a = await ReplicaAsync(redis.Endpoint);
        await using var b = await ReplicaAsync(redis.Endpoint);
        Fail(a, 3);
        _probed = null;
        for (var second = 0; second < 120; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await a.Board.BeatAsync(default);
            await b.Board.BeatAsync(default);
        }

        _probes.ShouldBeGreaterThanOrEqualTo(5);
        foreach (var replica in (Replica[])[a, b])
        {
            replica.Board.Admits("vapi").ShouldBeTrue();
            replica.Board.Recent.Select(c => c.Transition.To).ShouldContain(HealthPhase.Probation);
            replica.Board.Standings.ShouldHaveSingleItem().State.Phase.ShouldBe(HealthPhase.Healthy);
        }
    }

    [Fact]
    public async Task F10_two_replicas_with_a_Vapi_that_flaps_every_five_seconds_for_ten_minutes_switch_once_a_minute_at_most_and_are_back_within_three_minutes()
    {
        await using var a = await ReplicaAsync(redis.Endpoint);
        await using var b = await ReplicaAsync(redis.Endpoint);
        for (var second = 0; second < 600 + 180; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            var isUp = second >= 600 || second / 5 % 2 == 0;
            _probed = isUp ? null : HealthCause.Connectivity;
            foreach (var replica in (Replica[])[a, b])
            {
                await replica.Board.BeatAsync(default);
                if (replica.Board.Admits("vapi"))
                {
                    replica.Board.Report("vapi", isUp ? new HealthEvent.Served() : new HealthEvent.Failed(HealthCause.Connectivity));
                }
            }
        }

        foreach (var replica in (Replica[])[a, b])
        {
            var switches = replica.Board.Recent.Where(c => HealthState.IsServing(c.Transition.From) != HealthState.IsServing(c.Transition.To)).Select(c => c.At).ToList();
            switches.Count.ShouldBeInRange(2, 14);
            switches.Zip(switches.Skip(1), (one, next) => next - one).ShouldAllBe(gap => gap >= TimeSpan.FromSeconds(59), "a beat of a second tells one what the other did");
            replica.Board.Standings.ShouldHaveSingleItem().State.Phase.ShouldBe(HealthPhase.Healthy, "it has lasted for three minutes");
        }
    }

    [Fact]
    public async Task Without_Redis_each_replica_is_on_its_own()
    {
        await using var a = await ReplicaAsync(null);
        Fail(a, 3);
        await a.Board.BeatAsync(default);
        a.Board.Admits("vapi").ShouldBeFalse();
    }

    [Fact]
    public async Task A_Redis_that_dies_takes_nothing_away_and_one_that_comes_back_empty_is_told_again()
    {
        await using var own = await LocalRedis.StartNewAsync();
        await using var a = await ReplicaAsync(own.Endpoint);
        Fail(a, 3);
        await a.Board.BeatAsync(default);
        await own.KillAsync();
        await a.Board.BeatAsync(default);
        a.Board.Admits("vapi").ShouldBeFalse();

        await own.StartAsync();
        await Eventually.IsTrueAsync(() => Task.FromResult(a.Connection.Current is { IsConnected: true }), TimeSpan.FromSeconds(30), "the connection did not come back");
        await using var b = await ReplicaAsync(own.Endpoint);
        await Eventually.IsTrueAsync(
            async () =>
            {
                await a.Board.BeatAsync(default);
                await b.Board.BeatAsync(default);
                return !b.Board.Admits("vapi");
            },
            TimeSpan.FromSeconds(20),
            "what was lost with Redis was not told again");
    }

    [Fact]
    public async Task A_refused_key_is_no_news_for_a_replica_with_another_key()
    {
        await using var old = await ReplicaAsync(redis.Endpoint, "old key");
        await using var same = await ReplicaAsync(redis.Endpoint, "old key");
        await using var renewed = await ReplicaAsync(redis.Endpoint, "new key");
        old.Board.Report("vapi", new HealthEvent.Failed(HealthCause.Authentication));
        await old.Board.BeatAsync(default);
        await same.Board.BeatAsync(default);
        await renewed.Board.BeatAsync(default);
        same.Board.Admits("vapi").ShouldBeFalse();
        renewed.Board.Admits("vapi").ShouldBeTrue();
    }

    [Fact]
    public async Task Where_nothing_probes_one_call_at_a_time_is_the_probe()
    {
        await using var a = await ReplicaAsync(null);
        for (var i = 0; i < 3; i++)
        {
            a.Board.Report("groq", new HealthEvent.Failed(HealthCause.Late));
        }

        a.Board.Admits("groq").ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(6.1));
        for (var i = 0; i < 5; i++)
        {
            a.Board.Admits("groq").ShouldBeTrue();
            a.Board.Admits("groq").ShouldBeFalse("one at a time");
            a.Board.Report("groq", new HealthEvent.Served());
            _clock.Advance(TimeSpan.FromSeconds(2.1));
        }

        a.Board.Standings.Single(s => s.Provider == "groq").State.Phase.ShouldBe(HealthPhase.Probation);
    }

    [Fact]
    public async Task A_probe_that_hangs_is_a_failed_one()
    {
        await using var a = await ReplicaAsync(null, probe: async cancellation =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _clock, cancellation);
            return null;
        });
        Fail(a, 3);
        _clock.Advance(TimeSpan.FromSeconds(7));
        var beat = a.Board.BeatAsync(default);
        _clock.Advance(TimeSpan.FromSeconds(10));
        await beat;
        a.Board.Standings.ShouldHaveSingleItem().State.Cause.ShouldBe(HealthCause.Late);
    }

    private static void Fail(Replica replica, int times)
    {
        for (var i = 0; i < times; i++)
        {
            replica.Board.Report("vapi", new HealthEvent.Failed(HealthCause.Server));
        }
    }

    private async Task<Replica> ReplicaAsync(string? endpoint, string fingerprint = "", Func<CancellationToken, Task<HealthCause?>>? probe = null)
    {
        var connection = new RedisConnection(endpoint);
        await connection.StartAsync(default);
        if (endpoint is not null)
        {
            var made = await connection.WhenMadeAsync(default);
            await Eventually.IsTrueAsync(() => Task.FromResult(made.IsConnected), TimeSpan.FromSeconds(20), "Redis is not there");
        }

        // Redis's deadlines run on the machine's clock: the board's stands still.
        var gate = new RedisGate(connection, Options.Create(new RedisOptions { KeyPrefix = _prefix, CommandDeadlineMilliseconds = 500 }), TimeProvider.System, NullLogger<RedisGate>.Instance);
        var board = new HealthBoard(new SharedHealth(gate), _clock, new Random(7), NullLogger<HealthBoard>.Instance);
        board.Watch(new WatchedProvider("vapi", HealthRules.Default, probe ?? Probe, fingerprint));
        return new Replica(board, connection);
    }

    private Task<HealthCause?> Probe(CancellationToken cancellation)
    {
        _probes++;
        return Task.FromResult(_probed);
    }

    private sealed record Replica(HealthBoard Board, RedisConnection Connection) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Connection.StopAsync(default);
            Connection.Dispose();
            Board.Dispose();
        }
    }
}
