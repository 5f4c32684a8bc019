using System.Text.Json.Nodes;
using ToolBackend.Vapi.Sync.Planning;
using ToolBackend.Vapi.Sync.State;
using ToolBackend.Vapi.Sync.World;

namespace ToolBackend.Vapi.Sync.Applying;

/// <summary>
/// Carries a plan out. Before and after each request the state is written, so that an apply that is cut off anywhere is taken up by the next one. What fails takes only that
/// with it which needs it; nothing is deleted once something failed.
/// </summary>
/// <param name="readEnvironmentVariable">The process environment, for the values of secrets.</param>
/// <param name="onEvent">Told of each step, in order.</param>
public sealed class Applier(IRemoteResources remote, IStateStore store, Func<string, string?> readEnvironmentVariable, Action<ApplyEvent>? onEvent = null)
{
    /// <summary>Checks that nothing stands in the way.</summary>
    /// <exception cref="ApplyRefusedException">Something does; nothing was sent.</exception>
    public static void Check(SyncPlan plan, Func<string, string?> readEnvironmentVariable)
    {
        if (plan.Problems.FirstOrDefault(problem => problem.Blocks) is { } problem)
        {
            throw new ApplyRefusedException($"{problem.Key}: {problem.Message}", problem.Fix);
        }

        if (plan.Undecided.ToList() is [var first, ..] undecided)
        {
            throw new ApplyRefusedException(
                undecided.Count == 1 ? $"{first.Key} waits for a decision" : $"{first.Key} and {undecided.Count - 1} more wait for a decision",
                first.Action == PlanAction.Adopt ? "adopt it, or give yours another name" : "pull what Vapi has, or overwrite it with --force; --target leaves it out")
            {
                IsConflict = true,
            };
        }

        var bodies = plan.Resources.Where(resource => resource is { Writes: true, Wanted: not null })
            .SelectMany(resource => resource.Action == PlanAction.Update ? resource.Sent.Select(field => resource.Wanted!.Body[field.Name]) : [resource.Wanted!.Body]);
        var missing = bodies.OfType<JsonNode>().SelectMany(Definitions.Secrets.NamesIn).Distinct(StringComparer.Ordinal)
            .Where(name => readEnvironmentVariable(name) is not { Length: > 0 }).ToList();
        if (missing.Count > 0)
        {
            throw new ApplyRefusedException($"{string.Join(", ", missing)} {(missing.Count == 1 ? "is" : "are")} not set in the environment of this process", "export what is missing; the values go into requests only");
        }
    }

    /// <summary>Carries it out. The caller holds the store's lock and has asked whoever must be asked.</summary>
    /// <param name="world">What the plan was made of.</param>
    /// <exception cref="ApplyRefusedException">See <see cref="Check"/>.</exception>
    /// <exception cref="OperationCanceledException">Cut off; what was done is written down.</exception>
    public async Task<ApplyReport> ApplyAsync(SyncPlan plan, RemoteWorld world, CancellationToken cancellation)
    {
        Check(plan, readEnvironmentVariable);
        var state = plan.State with { Organization = plan.State.Organization ?? world.Organization };
        foreach (var resource in plan.Resources)
        {
            state = resource.Settles is { } settled ? state.With(resource.Key, settled) : resource.Action == PlanAction.Forget ? state.Without(resource.Key) : state;
        }

        if (!state.Equals(plan.State))
        {
            await store.WriteAsync(state, cancellation);
        }

        var run = new ApplyRun(remote, store, readEnvironmentVariable, state, plan, world);
        return await StepsAsync(run, plan, cancellation);
    }

    private async Task<ApplyReport> StepsAsync(ApplyRun run, SyncPlan plan, CancellationToken cancellation)
    {
        var log = new ApplyLog(onEvent);
        await EachAsync(ApplyOrder.NumbersMadeAnew(plan), run.DeleteOldNumberAsync);
        await EachAsync(ApplyOrder.Creates(plan), run.CreateAsync);
        await EachAsync(ApplyOrder.Updates(plan), run.UpdateAsync);
        await EachAsync(run.Unlinked, run.LinkAsync, linking: true);
        await EachAsync(ApplyOrder.Numbers(plan), (resource, token) => resource.Action == PlanAction.Update ? run.UpdateAsync(resource, token) : run.CreateAsync(resource, token));
        if (!log.HasFailed)
        {
            await EachAsync(ApplyOrder.Deletes(plan), run.DeleteAsync);
            await EachAsync(run.WithLeftovers, run.DeleteLeftoversAsync, linking: true);
        }
        else
        {
            foreach (var resource in ApplyOrder.Deletes(plan))
            {
                log.Skip(resource, new InvalidOperationException("nothing is deleted once something failed"));
            }
        }

        return new ApplyReport(run.State, log.Events);

        async Task EachAsync(IEnumerable<PlannedResource> resources, Func<PlannedResource, CancellationToken, Task> act, bool linking = false)
        {
            foreach (var resource in resources.ToList())
            {
                if (log.ReasonToSkip(resource) is { } reason)
                {
                    log.Skip(resource, reason);
                    continue;
                }

                await log.RunAsync(resource, linking, () => act(resource, cancellation));
            }
        }
    }
}
