using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ToolBackend.Core.Calls.Backfill;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.Intake;
using ToolBackend.Core.Calls.Live;
using ToolBackend.Core.Calls.Reaping;
using ToolBackend.Core.Calls.Retention;
using ToolBackend.Core.Calls.State;
using ToolBackend.Core.Data;
using ToolBackend.Core.Tests.Calls.Reaping;
using ToolBackend.Core.Tests.Data;
using ToolBackend.Testing;

namespace ToolBackend.Core.Tests.Calls;

/// <summary>A replica that stores and folds events by the machine's clock, and the upkeep jobs over it by a clock of the test's, run when the test says so.</summary>
internal sealed class UpkeepNode : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly MigratedDatabase _tables;
    private readonly CoreNode _node;

    private UpkeepNode(MigratedDatabase tables, CoreNode node) => (_tables, _node) = (tables, node);

    public ManualClock Clock { get; } = new(Intake.Events.Start);

    public ScriptedCallSource Platform { get; } = new();

    public ICallEventStore Store => _node.Services.GetRequiredService<ICallEventStore>();

    public Database Database => _node.Services.GetRequiredService<Database>();

    public MigratedDatabase Tables => _tables;

    public CallReaperOptions Reaping { get; } = new();

    public BackfillOptions Backfilling { get; } = new();

    public RetentionOptions Retaining { get; } = new();

    public static async Task<UpkeepNode> StartAsync(PostgresCluster cluster)
    {
        var tables = await MigratedDatabase.CreateAsync(cluster);

        // What is tried here is not how fast it is: a busy machine may take its time.
        return new UpkeepNode(tables, await CoreNode.StartAsync(
            tables.ConnectionString, null, ("Postgres:ReadTimeoutMilliseconds", "30000"), ("Postgres:WriteTimeoutMilliseconds", "60000"), ("Calls:Store:DeadlineMilliseconds", "15000")));
    }

    public Task ReapAsync() => new CallReaper(Database, Platform, Store, Options.Create(Reaping), Clock, NullLogger<CallReaper>.Instance).RunAsync(CancellationToken.None);

    public Task BackfillAsync() =>
        new CallBackfill(Database, Platform, Store, Options.Create(Backfilling), Options.Create(Retaining), Clock, NullLogger<CallBackfill>.Instance).RunAsync(CancellationToken.None);

    public IntakeHeartbeat Heartbeat() => new(Database, Options.Create(Backfilling), TimeProvider.System, NullLogger<IntakeHeartbeat>.Instance);

    /// <summary>By the machine's clock in its pauses, by the test's in what is over.</summary>
    public Task RetainAsync() => new RetentionJob(
        Database, new ExpiredCalls(Database, TimeProvider.System, NullLogger<ExpiredCalls>.Instance), new ExpiredContent(Database, _node.Services.GetRequiredService<LiveFeed>(), TimeProvider.System),
        Options.Create(Retaining), Clock, NullLogger<RetentionJob>.Instance).RunAsync(CancellationToken.None);

    public async Task AppendAsync(params IEnumerable<ReportedEvent> events)
    {
        foreach (var reported in events)
        {
            await Store.AppendAsync(reported, CancellationToken.None);
        }

        await FoldedAsync();
    }

    /// <summary>Returns when nothing waits to be folded.</summary>
    public Task FoldedAsync() => Eventually.IsTrueAsync(
        // The queue is emptied by the transaction that stores the states.
        async () => await _tables.ScalarAsync<long>("select count(*) from call_fold_queue") == 0, s_patience, "events were not folded");

    public async Task<CallState> StateAsync(string callId)
    {
        await FoldedAsync();
        return CallState.Parse(await _tables.ScalarAsync<string>($"select state from call where call_id = '{callId}'"));
    }

    public Task<long> CountAsync(string from) => _tables.ScalarAsync<long>($"select count(*) from {from}");

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _tables.DisposeAsync();
    }
}
