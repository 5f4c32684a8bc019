using System.Text.Json.Nodes;
using ToolBackend.Vapi.Sync;
using ToolBackend.Vapi.Sync.Planning;
using ToolBackend.Vapi.Sync.State;
using ToolBackend.Vapi.Sync.World;

namespace ToolBackend.Vapi.Tests.Sync;

/// <summary>A process that dies: after so many requests and writes of the state nothing happens any more, the answer to the last request included.</summary>
internal sealed class Mortal(int lives)
{
    private int _left = lives;

    /// <summary>Whether it died before all that had to be done was done.</summary>
    public bool HasDied { get; private set; }

    /// <summary>Takes one life: before the last one the act is not done, at the last one it is and nobody hears of it.</summary>
    public async Task<T> DoAsync<T>(Func<Task<T>> act)
    {
        if (_left <= 0)
        {
            HasDied = true;
            throw new OperationCanceledException("killed before");
        }

        _left--;
        var done = await act();
        _left--;
        if (_left < 0)
        {
            HasDied = true;
            throw new OperationCanceledException("killed after");
        }

        return done;
    }
}

internal sealed class MortalRemote(IRemoteResources inner, Mortal life) : IRemoteResources
{
    public bool Reaches(SyncKind kind) => inner.Reaches(kind);

    public Task<IReadOnlyList<RemoteResource>> ListAsync(SyncKind kind, CancellationToken cancellation) => inner.ListAsync(kind, cancellation);

    public Task<RemoteResource> CreateAsync(SyncKind kind, JsonObject body, Func<CancellationToken, Task<RemoteResource?>> findExisting, CancellationToken cancellation) =>
        life.DoAsync(() => inner.CreateAsync(kind, body, findExisting, cancellation));

    public Task<RemoteResource> PatchAsync(SyncKind kind, string id, JsonObject body, CancellationToken cancellation) => life.DoAsync(() => inner.PatchAsync(kind, id, body, cancellation));

    public Task DeleteAsync(SyncKind kind, string id, CancellationToken cancellation) => life.DoAsync(async () =>
    {
        await inner.DeleteAsync(kind, id, cancellation);
        return true;
    });
}

internal sealed class MortalStore(IStateStore inner, Mortal life) : IStateStore
{
    public string Place => inner.Place;

    public Task<SyncState?> ReadAsync(CancellationToken cancellation) => inner.ReadAsync(cancellation);

    public Task<IAsyncDisposable> LockAsync(CancellationToken cancellation) => inner.LockAsync(cancellation);

    public Task WriteAsync(SyncState state, CancellationToken cancellation) => life.DoAsync(async () =>
    {
        await inner.WriteAsync(state, cancellation);
        return true;
    });
}

public sealed class CutOffApplyTests
{
    private static readonly PlanOptions s_options = new() { ManageCredentials = true, AllowDelete = true };

    [Fact]
    public Task C14_a_first_apply_that_is_killed_anywhere_is_taken_up_without_duplicates() => KilledEverywhereAsync(wasApplied: false, _ => { });

    [Fact]
    public Task C14_a_mixed_apply_that_is_killed_anywhere_is_taken_up_without_duplicates() => KilledEverywhereAsync(wasApplied: true, bench =>
    {
        bench.Folder["tools/find_it.yaml"] = "type: dtmf\n";
        bench.Folder["tools/hand_over.yaml"] = "type: handoff\ndestinations:\n  - type: assistant\n    assistantId: third\n";
        bench.Folder["assistants/third.yaml"] = "firstMessage: Third.\n";
        bench.Folder.Edit("assistants/desk.md", "toolIds: [find_it]", "toolIds: [find_it, hand_over]");
        bench.Folder.Edit("phone-numbers/line.yaml", "provider: twilio", "provider: twilio\nsmsEnabled: false");
        bench.Folder.Edit("structured-outputs/outcome.yaml", "found:", "found_it:");
        bench.Folder.Delete("squads/office.yaml");
    });

    private static async Task KilledEverywhereAsync(bool wasApplied, Action<SyncBench> change)
    {
        for (var lives = 0; ; lives++)
        {
            await using var bench = await SyncBench.StartAsync();
            bench.Options = s_options;
            var life = new Mortal(lives);
            if (wasApplied)
            {
                await bench.AppliedAsync();
            }

            change(bench);
            try
            {
                await bench.ApplyAsync(remote: new MortalRemote(bench.Remote, life), store: new MortalStore(bench.Store, life));
            }
            catch (OperationCanceledException) when (life.HasDied)
            {
                // The process is gone; the next one knows what the state says.
            }

            await bench.AppliedAsync();

            var plan = await bench.PlanAsync();
            plan.IsEmpty.ShouldBeTrue($"after {lives}: {string.Join(", ", SyncBench.Short(plan))}");
            (await bench.StateAsync()).Pending.ShouldBeEmpty($"after {lives}");
            var definitions = bench.Folder.LoadLeniently();
            foreach (var kind in SyncKinds.AtVapi)
            {
                bench.Vapi.Resources.All(kind.Word()).Count.ShouldBe(definitions.Of(kind.Resource()).Count(), $"{kind} after {lives}");
            }

            bench.Twilio.Account.Numbers.Single(number => number.Number == SyncBench.Line).VoiceUrl.ShouldBe("http://127.0.0.1:5080/twilio/voice", $"after {lives}");
            if (!life.HasDied)
            {
                lives.ShouldBeGreaterThan(20);
                return;
            }
        }
    }
}
