using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ToolBackend.Core.Caching;
using ToolBackend.Testing;
using ToolBackend.Voice.FrontDoor;

namespace ToolBackend.Voice.Tests.FrontDoor;

public sealed class DecisionBookTests(RedisServer redis)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deliveries_to_one_replica_are_one_decision_with_Redis_and_without(bool hasRedis)
    {
        await using var replica = await Replica.StartAsync(hasRedis ? redis.Endpoint : null);
        var decisions = 0;
        var open = new TaskCompletionSource();
        var answers = Enumerable.Range(0, 20).Select(_ => replica.Book.OnceAsync("CA1", DecideAsync, s_patience)).ToList();
        open.SetResult();
        (await Task.WhenAll(answers)).ShouldAllBe(a => a == "document 1");

        async Task<string> DecideAsync()
        {
            await open.Task;
            return $"document {Interlocked.Increment(ref decisions)}";
        }
    }

    [Fact]
    public async Task Deliveries_to_two_replicas_are_one_decision()
    {
        await using var a = await Replica.StartAsync(redis.Endpoint);
        await using var b = await Replica.StartAsync(redis.Endpoint);
        var sid = "CA" + Guid.NewGuid().ToString("N");
        var decided = new TaskCompletionSource<string>();
        var first = a.Book.OnceAsync(sid, () => decided.Task, s_patience);
        await Eventually.IsTrueAsync(async () => (await a.Gate.TryAsync(a.Gate.Key("front-door:1:" + sid), static (db, k) => db.KeyExistsAsync(k))).Value, TimeSpan.FromSeconds(10), "no claim");
        var second = b.Book.OnceAsync(sid, () => Task.FromResult("another"), s_patience);
        await Task.Delay(100, Cancellation);
        second.IsCompleted.ShouldBeFalse("the other replica decides");
        decided.SetResult("the one");
        (await first).ShouldBe("the one");
        (await second).ShouldBe("the one");
    }

    [Fact]
    public async Task A_replica_that_dies_over_its_decision_leaves_the_call_to_the_other()
    {
        await using var a = await Replica.StartAsync(redis.Endpoint);
        var sid = "CA" + Guid.NewGuid().ToString("N");
        await a.Gate.TryAsync(a.Gate.Key("front-door:1:" + sid), static (db, k) => db.StringSetAsync(k, "claimed"));
        (await a.Book.OnceAsync(sid, () => Task.FromResult("ours"), TimeSpan.FromMilliseconds(200))).ShouldBe("ours");
    }

    [Fact]
    public async Task A_decision_that_failed_is_made_again()
    {
        await using var a = await Replica.StartAsync(null);
        await Should.ThrowAsync<InvalidOperationException>(() => a.Book.OnceAsync("CA2", () => throw new InvalidOperationException(), s_patience));
        (await a.Book.OnceAsync("CA2", () => Task.FromResult("ours"), s_patience)).ShouldBe("ours");
    }

    private sealed record Replica(DecisionBook Book, RedisGate Gate, RedisConnection Connection) : IAsyncDisposable
    {
        public static async Task<Replica> StartAsync(string? endpoint)
        {
            var connection = new RedisConnection(endpoint);
            await connection.StartAsync(Cancellation);
            if (endpoint is not null)
            {
                var made = await connection.WhenMadeAsync(Cancellation);
                await Eventually.IsTrueAsync(() => Task.FromResult(made.IsConnected), TimeSpan.FromSeconds(20), "Redis is not there");
            }

            var gate = new RedisGate(connection, Options.Create(new RedisOptions { KeyPrefix = "decisions", CommandDeadlineMilliseconds = 500 }), TimeProvider.System, NullLogger<RedisGate>.Instance);
            return new Replica(new DecisionBook(gate, TimeProvider.System), gate, connection);
        }

        public async ValueTask DisposeAsync()
        {
            await Connection.StopAsync(CancellationToken.None);
            Connection.Dispose();
        }
    }
}
