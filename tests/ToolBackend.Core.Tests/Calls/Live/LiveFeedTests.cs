using Microsoft.Extensions.DependencyInjection;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.Live;
using ToolBackend.LocalStack;
using ToolBackend.Testing;
using ToolBackend.Testing.Calls;

namespace ToolBackend.Core.Tests.Calls.Live;

public sealed class LiveFeedTests(PostgresCluster cluster, RedisServer redis) : IAsyncLifetime
{
    private static readonly DateTimeOffset s_opened = TimeProvider.System.GetUtcNow();
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _limit = new(s_patience);
    private readonly string _prefix = $"live-{Guid.NewGuid():N}";
    private DemoDatabase _database = null!;
    private long _version;

    public async ValueTask InitializeAsync()
    {
        _database = new DemoDatabase(cluster);
        await _database.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _limit.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task With_redis_both_replicas_get_every_change_once_and_in_order_without_looking_for_it()
    {
        // Nobody looks at the table by the clock within this test's time.
        await using var a = await StartAsync(redis.Endpoint, pollMilliseconds: 60_000);
        await using var b = await StartAsync(redis.Endpoint, pollMilliseconds: 60_000);
        await ConnectedAsync(a, b);
        using var onA = Feed(a).TrySubscribe()!;
        using var onB = Feed(b).TrySubscribe()!;
        var readA = TakeAsync(onA, 0, 200);
        var readB = TakeAsync(onB, 0, 200);

        var made = await ChangeAsync(200, seq => Feed(a).ChangesCommitted(seq));

        (await readA).ShouldBe(made);
        (await readB).ShouldBe(made);
        await HearsAsync(b, a, made[^1]);
    }

    [Fact]
    public async Task Without_redis_the_table_is_looked_at()
    {
        await using var a = await StartAsync(null, pollMilliseconds: 50);
        await using var b = await StartAsync(null, pollMilliseconds: 50);
        using var onA = Feed(a).TrySubscribe()!;
        using var onB = Feed(b).TrySubscribe()!;
        var readA = TakeAsync(onA, 0, 100);
        var readB = TakeAsync(onB, 0, 100);

        var made = await ChangeAsync(100, seq => Feed(a).ChangesCommitted(seq));

        (await readA).ShouldBe(made);
        (await readB).ShouldBe(made);
    }

    [Fact]
    public async Task A_redis_that_stops_and_comes_back_costs_no_change_and_doubles_none()
    {
        await using var own = await LocalRedis.StartNewAsync();
        await using var a = await StartAsync(own.Endpoint, pollMilliseconds: 200);
        await using var b = await StartAsync(own.Endpoint, pollMilliseconds: 200);
        await ConnectedAsync(a, b);
        using var onB = Feed(b).TrySubscribe()!;
        var read = TakeAsync(onB, 0, 150);

        var made = await ChangeAsync(50, seq => Feed(a).ChangesCommitted(seq));
        await own.StopAsync();
        made = [.. made, .. await ChangeAsync(50, seq => Feed(a).ChangesCommitted(seq))];
        await own.StartAsync();
        made = [.. made, .. await ChangeAsync(50, seq => Feed(a).ChangesCommitted(seq))];
        (await read).ShouldBe(made);

        // Wake-ups arrive again.
        await Eventually.IsTrueAsync(
            () =>
            {
                Feed(a).ChangesCommitted(1_000_000);
                return Task.FromResult(Feed(b).Newest == 1_000_000);
            },
            s_patience, "the replica does not hear the other one after Redis came back");
    }

    [Fact]
    public async Task One_who_reads_slowly_is_passed_over_and_misses_nothing_while_others_do_not_wait()
    {
        await using var node = await StartAsync(null, pollMilliseconds: 50);
        using var quick = Feed(node).TrySubscribe()!;
        using var slow = Feed(node).TrySubscribe()!;
        var slowly = slow.ReadAsync(0, _limit.Token).GetAsyncEnumerator();
        var first = slowly.MoveNextAsync();
        var quickly = TakeAsync(quick, 0, 700);

        var made = await ChangeAsync(700, seq => Feed(node).ChangesCommitted(seq));
        (await quickly).ShouldBe(made);
        await Eventually.IsTrueAsync(() => Task.FromResult(slow.TimesPassedOver > 0), s_patience, "the slow one was not passed over");

        var read = new List<long>();
        for (var more = await first; more; more = read.Count < 700 && await slowly.MoveNextAsync())
        {
            if (slowly.Current is LiveItem.Change change)
            {
                read.Add(change.Seq);
            }
        }

        read.ShouldBe(made);
        await slowly.DisposeAsync();
    }

    [Fact]
    public async Task Who_comes_while_changes_are_made_gets_all_after_its_cursor()
    {
        await using var node = await StartAsync(null, pollMilliseconds: 50);
        var readers = new List<(long After, Task<List<long>> Read)>();
        var subscriptions = new List<LiveSubscription>();
        const int All = 400;

        var made = await ChangeAsync(All, seq =>
        {
            Feed(node).ChangesCommitted(seq);
            if (seq % 10 == 0)
            {
                // From the newest, from the middle, and from the first one.
                var after = (seq % 30) switch { 0 => seq, 10 => seq / 2, _ => 0 };
                var subscription = Feed(node).TrySubscribe()!;
                subscriptions.Add(subscription);
                readers.Add((after, TakeAsync(subscription, after, All - (int)after)));
            }
        });

        made.ShouldBe(Enumerable.Range(1, All).Select(n => (long)n), "the test counts on a fresh database");
        foreach (var (after, read) in readers)
        {
            (await read).ShouldBe(made.Where(seq => seq > after));
        }

        subscriptions.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task A_cursor_before_what_is_kept_or_of_another_database_is_told_so()
    {
        await using var node = await StartAsync(null, pollMilliseconds: 50);
        var made = await ChangeAsync(20, static _ => { });
        await _database.ExecuteAsync("delete from call_change where seq <= 10");

        (await FirstAsync(node, 9)).ShouldBeOfType<LiveItem.Expired>();
        (await FirstAsync(node, 0)).ShouldBeOfType<LiveItem.Expired>();
        (await FirstAsync(node, 21)).ShouldBeOfType<LiveItem.Expired>();
        (await FirstAsync(node, long.MaxValue)).ShouldBeOfType<LiveItem.Expired>();
        (await FirstAsync(node, 10)).ShouldBeOfType<LiveItem.Change>().Seq.ShouldBe(made[10]);
        (await FirstAsync(node, 19)).ShouldBeOfType<LiveItem.Change>().Seq.ShouldBe(made[19]);
    }

    [Fact]
    public async Task Moments_reach_watchers_here_and_on_other_replicas_once()
    {
        await using var a = await StartAsync(redis.Endpoint, pollMilliseconds: 60_000);
        await using var b = await StartAsync(redis.Endpoint, pollMilliseconds: 60_000);
        await ConnectedAsync(a, b);
        using var onA = Feed(a).TrySubscribe()!;
        using var onB = Feed(b).TrySubscribe()!;
        var said = Enumerable.Range(1, 20).Select(n => new LiveMoment("live-1", "transcript", s_opened.AddSeconds(n), "user", $"word {n}")).ToList();

        said.ForEach(Feed(a).Tell);

        (await MomentsAsync(onA, 20)).ShouldBe(said);
        (await MomentsAsync(onB, 20)).ShouldBe(said);
        Feed(a).Tell(said[0] with { Text = "last" });
        (await MomentsAsync(onA, 1))[0].Text.ShouldBe("last", "an own moment that came back by way of Redis would be in between");
    }

    [Fact]
    public async Task A_stream_without_news_shows_that_it_lives()
    {
        await using var node = await StartAsync(null, pollMilliseconds: 50, ("Calls:Live:HeartbeatSeconds", "1"));
        (await FirstAsync(node, 0)).ShouldBeOfType<LiveItem.Heartbeat>();
    }

    [Fact]
    public async Task One_too_many_is_refused_until_a_place_is_free()
    {
        await using var node = await StartAsync(null, pollMilliseconds: 50, ("Calls:Live:MaxSubscribers", "2"));
        using var first = Feed(node).TrySubscribe();
        var second = Feed(node).TrySubscribe()!;
        Feed(node).TrySubscribe().ShouldBeNull();

        second.Dispose();
        second.Dispose();
        Feed(node).Subscribers.ShouldBe(1);
        using var third = Feed(node).TrySubscribe();
        third.ShouldNotBeNull();
    }

    private Task<CoreNode> StartAsync(string? endpoint, int pollMilliseconds, params (string Key, string Value)[] settings) => CoreNode.StartAsync(
        _database.ConnectionString, endpoint, [("Redis:KeyPrefix", _prefix), ("Calls:Live:PollMilliseconds", $"{pollMilliseconds}"), .. settings]);

    private static LiveFeed Feed(CoreNode node) => node.Services.GetRequiredService<LiveFeed>();

    /// <summary>Makes so many changes, one transaction each, and returns their sequence numbers.</summary>
    private async Task<List<long>> ChangeAsync(int count, Action<long> committed)
    {
        var made = new List<long>();
        for (var i = 0; i < count; i++)
        {
            var version = Interlocked.Increment(ref _version);
            made.Add(await CallRows.SaveAsync(_database.Source, SampleCall.Open($"live-{version % 7}", s_opened) with { Version = version }));
            committed(made[^1]);
        }

        return made;
    }

    private Task<List<long>> TakeAsync(LiveSubscription subscription, long after, int count) => Task.Run(async () =>
    {
        var read = new List<long>();
        if (count > 0)
        {
            await foreach (var item in subscription.ReadAsync(after, _limit.Token))
            {
                if (item is LiveItem.Change change)
                {
                    read.Add(change.Seq);
                    if (read.Count == count)
                    {
                        break;
                    }
                }
            }
        }

        return read;
    });

    private async Task<List<LiveMoment>> MomentsAsync(LiveSubscription subscription, int count)
    {
        var read = new List<LiveMoment>();
        await foreach (var item in subscription.ReadAsync(0, _limit.Token))
        {
            if (item is LiveItem.Told told)
            {
                read.Add(told.Moment);
                if (read.Count == count)
                {
                    break;
                }
            }
        }

        return read;
    }

    private async Task<LiveItem> FirstAsync(CoreNode node, long after)
    {
        using var subscription = Feed(node).TrySubscribe()!;
        await foreach (var item in subscription.ReadAsync(after, _limit.Token))
        {
            return item;
        }

        throw new InvalidOperationException("The stream ended without an item.");
    }

    /// <summary>Returns when each hears the other.</summary>
    private static async Task ConnectedAsync(CoreNode a, CoreNode b)
    {
        await HearsAsync(b, a, 1);
        await HearsAsync(a, b, 2);
    }

    private static Task HearsAsync(CoreNode listener, CoreNode speaker, long committed) => Eventually.IsTrueAsync(
        () =>
        {
            Feed(speaker).ChangesCommitted(committed);
            return Task.FromResult(Feed(listener).Newest >= committed);
        },
        s_patience, "the replicas do not hear each other");
}
