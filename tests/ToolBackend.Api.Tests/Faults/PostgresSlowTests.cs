using System.Net;
using Npgsql;
using ToolBackend.Core.Data.Seeding;
using ToolBackend.LocalStack.Faults;
using ToolBackend.Testing;

namespace ToolBackend.Api.Tests.Faults;

/// <summary>Row F4: every round trip to Postgres takes 300 ms.</summary>
[Collection(FaultsCollection.Name)]
public sealed class PostgresSlowTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const int MaxConnections = 6;
    private static readonly TimeSpan s_oneWay = TimeSpan.FromMilliseconds(150);

    // The deadline of reads and of writes while the database is slow, and what scheduling may add: to a median, and to the worst of all.
    private static readonly TimeSpan s_deadline = TimeSpan.FromMilliseconds(180);
    private static readonly TimeSpan s_slackOfMedian = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_slackOfWorst = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task F4_postgres_slow_gets_every_answer_in_time_and_a_booking_is_found_done_by_the_next_call()
    {
        await using var proxy = FaultyProxy.Start(api.Cluster.Server.Port);
        await using var node = await api.StartNodeAsync(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Postgres"] = new NpgsqlConnectionStringBuilder(api.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port }.ConnectionString,
            ["ConnectionStrings:Redis"] = null,
            ["Postgres:MaxConnections"] = $"{MaxConnections}",
            // However slow the machine, the work behind the answer gets to its end.
            ["Postgres:WriteTimeoutMilliseconds"] = "20000",
        });
        var warm = await TrackAsync(node);
        warm.Error.ShouldBeNull();

        proxy.Apply(new ProxyFaults { DelayToServer = s_oneWay, DelayToClient = s_oneWay });
        await Eventually.IsTrueAsync(
            async () => await ReadyzReport.OfAsync(node) is { Postgres: "slow", Code: HttpStatusCode.OK }, TimeSpan.FromSeconds(10), "readyz hides that Postgres is slow");
        var first = await BookAsync(node, "t1");
        first.Say.ShouldBe(Sentences.StillWorking);
        first.Took.ShouldBeLessThan(s_deadline + s_slackOfWorst);
        await Eventually.IsTrueAsync(async () => await Booking.RowsAsync(api, "f4") == 1, TimeSpan.FromSeconds(20), "the work did not go on behind the answer");
        // The database stays slow: the assistant asks again as it was told to, and every answer is in time.
        var (next, asked) = (first, 1);
        await Eventually.IsTrueAsync(
            async () =>
            {
                next = await BookAsync(node, $"t{++asked}");
                next.Took.ShouldBeLessThan(s_deadline + s_slackOfWorst);
                return next.Say != Sentences.StillWorking;
            },
            TimeSpan.FromSeconds(10), "the booking is done, but the caller is never told");
        next.Say.ShouldStartWith("Booked: Consultation with Doctor Alice Nguyen");

        IReadOnlyList<ToolCallReply> uncached, cached;
        await using (var strangers = Callers.Start(2 * MaxConnections, n => node.PostToolCallAsync("list_appointments", caller: $"+1206559{n:D4}")))
        await using (var owners = Callers.Start(1, _ => TrackAsync(node)))
        {
            cached = await owners.DuringAsync(TimeSpan.FromSeconds(2));
            await strangers.StopAsync();
            uncached = strangers.Take();
        }

        // One round trip is more than a read's deadline; only where this machine's own pause made the deadline late, the answer may have come first.
        uncached.ShouldAllBe(r => r.Error == null || r.Error == Sentences.LookupUnavailable);
        uncached.Count(r => r.Error is not null).ShouldBeGreaterThan(uncached.Count * 2 / 3);
        Callers.Quantile(uncached, 0.5).ShouldBeLessThan(s_deadline + s_slackOfMedian);
        Callers.Quantile(uncached, 1).ShouldBeLessThan(s_deadline + s_slackOfWorst);
        cached.ShouldAllBe(r => r.Error == null || r.Error == Sentences.LookupUnavailable);
        cached.Count(r => r.Error is null).ShouldBeGreaterThan(cached.Count * 2 / 3, "what is in memory is answered, if need be as stale");
        Callers.Quantile(cached, 0.5).ShouldBeLessThan(s_deadline + s_slackOfMedian);

        proxy.Heal();
        await Eventually.IsTrueAsync(async () => (await ReadyzReport.OfAsync(node)).Postgres is "up", TimeSpan.FromSeconds(10), "Postgres is fast again but counts as slow");
        await Eventually.IsTrueAsync(
            async () => (await BookAsync(node, "t-healed")).Say == next.Say, TimeSpan.FromSeconds(10), "the same wish is told something else");
        (await Booking.RowsAsync(api, "f4")).ShouldBe(1);
        // More callers at once than the pool has connections: none that served the slow ones is still taken. A single look may miss its
        // deadline on a busy machine, so each may ask again.
        await Task.WhenAll(Enumerable.Range(0, 2 * MaxConnections).Select(n => Eventually.IsTrueAsync(
            async () => (await node.PostToolCallAsync("list_appointments", caller: $"+1206554{n:D4}")).Error is null, TimeSpan.FromSeconds(10), "the pool is exhausted")));
    }

    private static Task<ToolCallReply> TrackAsync(ApiNode node) =>
        node.PostToolCallAsync("track_shipment", $$"""{"trackingNumber":"{{DemoSeed.CallerTrackingNumber}}"}""", caller: DemoSeed.CallerPhone);

    private static Task<ToolCallReply> BookAsync(ApiNode node, string toolCallId) =>
        node.PostToolCallAsync("book_appointment", Booking.Arguments(0), "f4", toolCallId, "+12065580004");
}
