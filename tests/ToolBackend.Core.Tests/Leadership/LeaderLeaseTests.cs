using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ToolBackend.Core.Leadership;
using ToolBackend.Core.Tests.Data;
using ToolBackend.LocalStack.Faults;
using ToolBackend.Testing;

namespace ToolBackend.Core.Tests.Leadership;

public sealed class LeaderLeaseTests(PostgresCluster cluster) : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly LeaseTimes s_quick = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

    private readonly List<LeaderLease> _leases = [];
    private MigratedDatabase _database = null!;
    private int _working;
    private int _most;
    private int _terms;

    public async ValueTask InitializeAsync() => _database = await MigratedDatabase.CreateAsync(cluster);

    public async ValueTask DisposeAsync()
    {
        foreach (var lease in _leases)
        {
            await lease.StopAsync(CancellationToken.None);
            lease.Dispose();
        }

        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Of_three_replicas_one_leads_and_when_it_stops_another_one_does()
    {
        for (var i = 0; i < 3; i++)
        {
            await StartAsync();
        }

        await LeadsAsync();
        _leases.Count(l => l.IsLeading).ShouldBe(1);

        var first = _leases.Single(l => l.IsLeading);
        await first.StopAsync(CancellationToken.None);
        first.IsLeading.ShouldBeFalse();
        await LeadsAsync();
        _leases.Single(l => l.IsLeading).ShouldNotBe(first);
        _most.ShouldBe(1);
    }

    [Fact]
    public async Task A_session_that_the_server_ends_ends_the_term_and_there_are_never_two_leaders()
    {
        await StartAsync();
        await StartAsync();
        await StartAsync();
        for (var term = 1; term <= 3; term++)
        {
            await Eventually.IsTrueAsync(() => Task.FromResult(Volatile.Read(ref _terms) >= term && Volatile.Read(ref _working) == 1), s_patience, $"term {term} did not begin");
            await EndLeadersSessionAsync();
            await Eventually.IsTrueAsync(() => Task.FromResult(Volatile.Read(ref _terms) > term), s_patience, $"nobody followed the leader of term {term}");
        }

        _most.ShouldBe(1);
    }

    [Fact]
    public async Task A_leader_whose_link_is_silent_stops_its_jobs_although_the_server_still_holds_its_lock()
    {
        await using var proxy = FaultyProxy.Start(cluster.Server.Port);
        var cut = await StartAsync(new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port }.ConnectionString);
        await LeadsAsync();
        var other = await StartAsync();

        proxy.Apply(new ProxyFaults { Mode = ProxyMode.BlackHole });
        await Eventually.IsTrueAsync(() => Task.FromResult(Volatile.Read(ref _working) == 0 && !cut.IsLeading), s_patience, "it went on without a link");

        // The server has not noticed: the lock is still the silent session's.
        await EndLeadersSessionAsync();
        await Eventually.IsTrueAsync(() => Task.FromResult(other.IsLeading && Volatile.Read(ref _working) == 1), s_patience, "nobody took over");
        _most.ShouldBe(1);
        proxy.Heal();
    }

    [Fact]
    public async Task Without_postgres_nobody_leads_and_as_soon_as_it_is_there_somebody_does()
    {
        await using var proxy = FaultyProxy.Start(cluster.Server.Port);
        proxy.Apply(new ProxyFaults { Mode = ProxyMode.Refuse });
        var lease = await StartAsync(new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port }.ConnectionString);
        lease.IsLeading.ShouldBeFalse();

        proxy.Heal();
        await LeadsAsync();
        lease.IsLeading.ShouldBeTrue();
    }

    private Task LeadsAsync() => Eventually.IsTrueAsync(() => Task.FromResult(Volatile.Read(ref _working) == 1 && _leases.Exists(l => l.IsLeading)), s_patience, "nobody leads");

    private async Task<LeaderLease> StartAsync(string? connectionString = null)
    {
        var lease = new LeaderLease(connectionString ?? _database.ConnectionString, [new TestJob(WorkAsync)], s_quick, TimeProvider.System, NullLogger<LeaderLease>.Instance);
        _leases.Add(lease);
        await lease.StartAsync(CancellationToken.None);
        return lease;
    }

    /// <summary>Works for as long as the term lasts, and counts how many do so at once.</summary>
    private async Task WorkAsync(CancellationToken term)
    {
        var now = Interlocked.Increment(ref _working);
        InterlockedMax(ref _most, now);
        Interlocked.Increment(ref _terms);
        try
        {
            await Task.Delay(Timeout.Infinite, term);
        }
        finally
        {
            Interlocked.Decrement(ref _working);
        }
    }

    private Task EndLeadersSessionAsync() => _database.ExecuteAsync(
        "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())");

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
