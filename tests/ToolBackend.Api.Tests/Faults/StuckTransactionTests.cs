using Npgsql;
using ToolBackend.Core.Data.Seeding;
using ToolBackend.Testing;

namespace ToolBackend.Api.Tests.Faults;

/// <summary>Row F5: somebody's transaction holds locks and does not end, and the bookings that wait for it hold the whole pool.</summary>
[Collection(FaultsCollection.Name)]
public sealed class StuckTransactionTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    /// <summary>As many as there are practitioners to book: bookings of one practitioner queue, and only the first of them waits for the stuck transaction itself.</summary>
    private const int MaxConnections = 2;

    private const int LockTimeoutMilliseconds = 900;

    // What scheduling may add on a busy machine: to a median, and to the worst of all.
    private static readonly TimeSpan s_slackOfMedian = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_slackOfWorst = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task F5_a_stuck_transaction_that_holds_the_pool_is_left_behind_by_the_lock_timeout()
    {
        // Long enough that even a busy machine sees all of them wait, and a wall behind it.
        const int LongLockTimeout = 3000;
        await using var node = await StartAsync(
            ("Postgres:LockTimeoutMilliseconds", $"{LongLockTimeout}"), ("Postgres:ReadTimeoutMilliseconds", "10000"), ("Tools:WallMilliseconds", "15000"), ("Tools:WallWhenSlowMilliseconds", "15000"));
        (await TrackAsync(node)).Error.ShouldBeNull();
        await using var stuck = await api.Database.OpenConnectionAsync();
        await using var transaction = await stuck.BeginTransactionAsync();
        await ExecuteAsync(stuck, "lock table appointment in exclusive mode");

        // Each waits for the lock on a connection of its own: none is left.
        var bookings = Enumerable.Range(0, MaxConnections).Select(n => BookAsync(node, n, $"f5-{n}", "t1")).ToArray();
        await Eventually.IsTrueAsync(
            async () => (long)(await api.QueryAsync("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"))! >= MaxConnections
                || bookings.All(b => b.IsCompleted),
            TimeSpan.FromSeconds(5), "the bookings do not wait for the lock");
        bookings.ShouldAllBe(b => !b.IsCompleted, "all of the pool waits for the lock");
        var cached = await TrackAsync(node);
        var uncached = await ListAsync(node, "+12065590001");

        cached.Error.ShouldBeNull("what is in memory needs no connection");
        // There may be an answer after all: the lock timeout can free a connection inside the deadline.
        (uncached.Error is null || uncached.Error == Sentences.LookupUnavailable).ShouldBeTrue(uncached.Say);
        uncached.Took.ShouldBeLessThan(TimeSpan.FromMilliseconds(180) + s_slackOfWorst);
        var refused = await Task.WhenAll(bookings);
        refused.ShouldAllBe(b => b.Say == Sentences.NothingChanged);
        refused.ShouldAllBe(b => b.Took < TimeSpan.FromMilliseconds(LongLockTimeout) + s_slackOfWorst);

        // Still stuck, but the pool is free again: reads are answered from the database, which the lock does not concern.
        await Eventually.IsTrueAsync(async () => (await ListAsync(node, "+12065590002")).Error is null, TimeSpan.FromSeconds(5), "the pool was not freed");
        await transaction.RollbackAsync();
        var done = await Task.WhenAll(Enumerable.Range(0, MaxConnections).Select(n => BookAsync(node, n, $"f5-{n}", "t1")));

        done.ShouldAllBe(b => b.Say.StartsWith("Booked:", StringComparison.Ordinal));
        for (var n = 0; n < MaxConnections; n++)
        {
            (await Booking.RowsAsync(api, $"f5-{n}")).ShouldBe(1);
        }
    }

    [Fact]
    public async Task F5_while_a_pool_is_exhausted_reads_are_answered_in_time_and_bookings_speakably()
    {
        await using var node = await StartAsync();
        (await TrackAsync(node)).Error.ShouldBeNull();
        await using var stuck = await api.Database.OpenConnectionAsync();
        await using var transaction = await stuck.BeginTransactionAsync();
        await ExecuteAsync(stuck, "lock table appointment in exclusive mode");

        IReadOnlyList<ToolCallReply> cached, uncached, bookings;
        await using (var bookers = Callers.Start(3 * MaxConnections, n => BookAsync(node, 4 + (n % 8), $"f5-many-{n}", "t1")))
        await using (var owners = Callers.Start(1, _ => TrackAsync(node)))
        await using (var strangers = Callers.Start(2, n => ListAsync(node, $"+1206553{n:D4}")))
        {
            uncached = await strangers.DuringAsync(TimeSpan.FromSeconds(2.5));
            cached = owners.Take();
            await bookers.StopAsync();
            bookings = bookers.Take();
        }

        uncached.ShouldAllBe(r => r.Error == null || r.Error == Sentences.LookupUnavailable);
        Callers.Quantile(uncached, 0.5).ShouldBeLessThan(TimeSpan.FromMilliseconds(180) + s_slackOfMedian);
        cached.Count(r => r.Error is null).ShouldBeGreaterThan(cached.Count * 2 / 3);
        Callers.Quantile(cached, 0.5).ShouldBeLessThan(TimeSpan.FromMilliseconds(180) + s_slackOfMedian);
        // Those who waited for a connection before they waited for the lock reach the wall of 1.5 s.
        bookings.ShouldAllBe(b => b.Say == Sentences.NothingChanged || b.Say == Sentences.StillWorking);
        bookings.ShouldAllBe(b => b.Took < TimeSpan.FromMilliseconds(1500) + s_slackOfWorst);

        await transaction.RollbackAsync();
        await Eventually.IsTrueAsync(
            async () => (await BookAsync(node, 23, "f5-after", "t1")).Say.StartsWith("Booked:", StringComparison.Ordinal), TimeSpan.FromSeconds(10), "the pool was not freed");
        (await Booking.RowsAsync(api, "f5-after")).ShouldBe(1);
    }

    [Fact]
    public async Task F5_a_delivery_that_another_process_is_still_working_on_is_said_to_be_so()
    {
        await using var node = await StartAsync();
        await using var stuck = await api.Database.OpenConnectionAsync();
        await using var transaction = await stuck.BeginTransactionAsync();
        await ExecuteAsync(stuck, "insert into tool_call_ledger (call_id, tool_call_id, tool, fingerprint) values ('f5-elsewhere', 't1', 'book_appointment', sha256('x'))");

        var during = await BookAsync(node, 22, "f5-elsewhere", "t1");
        await transaction.RollbackAsync();
        var after = await BookAsync(node, 22, "f5-elsewhere", "t1");

        during.Say.ShouldBe(Sentences.StillWorking);
        during.Took.ShouldBeLessThan(TimeSpan.FromMilliseconds(LockTimeoutMilliseconds) + s_slackOfWorst);
        after.Say.ShouldStartWith("Booked:");
        (await Booking.RowsAsync(api, "f5-elsewhere")).ShouldBe(1);
    }

    private Task<ApiNode> StartAsync(params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Redis"] = null,
            ["Postgres:MaxConnections"] = $"{MaxConnections}",
            ["Postgres:LockTimeoutMilliseconds"] = $"{LockTimeoutMilliseconds}",
        };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return api.StartNodeAsync(settings);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static Task<ToolCallReply> TrackAsync(ApiNode node) =>
        node.PostToolCallAsync("track_shipment", $$"""{"trackingNumber":"{{DemoSeed.CallerTrackingNumber}}"}""", caller: DemoSeed.CallerPhone);

    private static Task<ToolCallReply> ListAsync(ApiNode node, string caller) => node.PostToolCallAsync("list_appointments", caller: caller);

    private static Task<ToolCallReply> BookAsync(ApiNode node, int number, string callId, string toolCallId) =>
        node.PostToolCallAsync("book_appointment", Booking.Arguments(number), callId, toolCallId, $"+1206558{number:D4}");
}
