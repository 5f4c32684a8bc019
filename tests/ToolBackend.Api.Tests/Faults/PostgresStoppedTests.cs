using System.Net;
using Npgsql;
using ToolBackend.Core.Data.Migrations;
using ToolBackend.Core.Data.Seeding;
using ToolBackend.LocalStack;
using ToolBackend.Testing;

namespace ToolBackend.Api.Tests.Faults;

/// <summary>Row F3, on a Postgres of its own and without Redis: what is answered comes from this process's memory.</summary>
[Collection(FaultsCollection.Name)]
public sealed class PostgresStoppedTests : IAsyncLifetime
{
    private static readonly TimeSpan s_slack = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_outage = TimeSpan.FromSeconds(2);

    // Above the 1.5 s wall of writes; HttpClient's 30 s would be a hang.
    private static readonly TimeSpan s_hung = TimeSpan.FromSeconds(5);

    private readonly string _folder = LocalFolders.NewTemporary();
    private LocalPostgres _postgres = null!;
    private NpgsqlDataSource _source = null!;
    private ApiNode _node = null!;

    public async ValueTask InitializeAsync()
    {
        _postgres = await LocalPostgres.StartNewAsync(new LocalPostgresOptions { Folder = Path.Combine(_folder, "postgres"), Durable = false });
        _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_postgres.ConnectionString) { Pooling = false }.ConnectionString);
        await new MigrationRunner(TimeProvider.System).MigrateAsync(_source, CancellationToken.None);
        await DemoSeed.RunAsync(_source, today: null, CancellationToken.None);
        _node = await ApiNode.StartAsync(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Postgres"] = _postgres.ConnectionString,
            ["Postgres:MaxConnections"] = "8",
            // A busy machine must not turn a stale answer into "I can't look that up"; how long answers take is looked at below.
            ["Tools:ReadDeadlineMilliseconds"] = "3000",
        });
        await _node.WaitUntilReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _source.DisposeAsync();
        await _postgres.DisposeAsync();
        LocalFolders.TryDelete(_folder);
    }

    [Fact]
    public Task F3_postgres_stopped_serves_cached_reads_as_stale_and_refuses_bookings_speakably() =>
        OutageAsync(() => _postgres.StopAsync(), () => _postgres.StartAsync());

    [Fact]
    public Task F3_postgres_killed_serves_cached_reads_as_stale_and_refuses_bookings_speakably() =>
        OutageAsync(() => _postgres.KillAsync(), () => _postgres.StartAsync());

    [Fact]
    public Task F3_postgres_frozen_serves_cached_reads_as_stale_and_hangs_no_request() =>
        OutageAsync(() => _postgres.PauseAsync(), () => _postgres.ResumeAsync(), answersAtOnce: false);

    private async Task OutageAsync(Func<Task> stop, Func<Task> start, bool answersAtOnce = true)
    {
        (await ReadAsync(0)).Say.ShouldNotStartWith("As of");
        (await ReadAsync(1)).Say.ShouldNotStartWith("As of");
        (await BookAsync(0, "f3-before")).Say.ShouldStartWith("Booked:");
        // The booking made the caller's card old; it is loaded anew before the outage.
        (await ReadAsync(1)).Error.ShouldBeNull();

        await stop();
        await Eventually.IsTrueAsync(
            async () => await ReadyzReport.OfAsync(_node) is { Postgres: "down", Code: HttpStatusCode.ServiceUnavailable }, TimeSpan.FromSeconds(2) + s_slack, "readyz hides that Postgres is gone");
        IReadOnlyList<ToolCallReply> reads, bookings;
        await using (var readers = Callers.Start(3, ReadAsync))
        await using (var bookers = Callers.Start(1, n => BookAsync(1 + (n % 10), $"f3-down-{n}")))
        {
            reads = await readers.DuringAsync(s_outage);
            await bookers.StopAsync();
            bookings = bookers.Take();
        }

        reads.ShouldAllBe(r => r.Error == null && r.Result!.StartsWith("As of", StringComparison.Ordinal) && r.Took < s_hung);
        bookings.ShouldNotBeEmpty();
        bookings.ShouldAllBe(b => b.Took < s_hung);
        // A frozen server may still act on what it was sent, so nobody is told that nothing was changed.
        bookings.ShouldAllBe(b => b.Say == Sentences.NothingChanged || (!answersAtOnce && b.Say == Sentences.StillWorking));
        if (answersAtOnce)
        {
            // The row's 200 ms, plus what scheduling may add to a median.
            bookings.Select(b => b.Took).Order().ElementAt(bookings.Count / 2).ShouldBeLessThan(TimeSpan.FromMilliseconds(200 + 200));
            Callers.Quantile(reads, 0.5).ShouldBeLessThan(TimeSpan.FromMilliseconds(200 + 200));
        }

        await start();
        await Eventually.IsTrueAsync(
            async () => (await ReadyzReport.OfAsync(_node)).Code is HttpStatusCode.OK
                && (await ReadAsync(0)) is { Error: null } fresh && !fresh.Say.StartsWith("As of", StringComparison.Ordinal)
                && (await BookAsync(11, "f3-after")).Say.StartsWith("Booked:", StringComparison.Ordinal),
            TimeSpan.FromSeconds(5) + s_slack, "Postgres is back but the service is not well");
        (await RowsAsync("f3-before")).ShouldBe(1);
        (await RowsAsync("f3-after")).ShouldBe(1);
        if (answersAtOnce)
        {
            (await RowsAsync("f3-down-%")).ShouldBe(0, "the callers were told that nothing was changed");
        }
    }

    private Task<ToolCallReply> ReadAsync(int number) => number % 2 == 0
        ? _node.PostToolCallAsync("track_shipment", $$"""{"trackingNumber":"{{DemoSeed.CallerTrackingNumber}}"}""", caller: DemoSeed.CallerPhone)
        : _node.PostToolCallAsync("list_appointments", caller: DemoSeed.CallerPhone);

    private Task<ToolCallReply> BookAsync(int number, string callId) =>
        _node.PostToolCallAsync("book_appointment", Booking.Arguments(number), callId, caller: $"+1206558{number:D4}");

    private async Task<long> RowsAsync(string callId)
    {
        await using var command = _source.CreateCommand($"select count(*) from appointment where booked_in_call like '{callId}'");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
