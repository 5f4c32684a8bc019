using ToolBackend.Vapi.Sync.Comparison;
using ToolBackend.Vapi.Sync.Planning;

namespace ToolBackend.Cli.Sync;

/// <summary>A plan for programs: one object per resource that is not unchanged, then problems, then a summary.</summary>
internal static class PlanJson
{
    public static void Write(CliConsole console, Shown shown, SyncPlan plan)
    {
        foreach (var resource in plan.Resources.Where(resource => resource.Action is not (PlanAction.Unchanged or PlanAction.Read)))
        {
            console.Object(new
            {
                type = "resource",
                key = resource.Key.ToString(),
                action = resource.Action,
                id = resource.Remote?.Id ?? resource.Known?.Id,
                reason = resource.Reason,
                heldBack = resource.IsHeldBack,
                candidates = resource.Candidates,
                file = resource.Wanted?.Definition.Location.File,
                changes = resource.Action == PlanAction.Create
                    ? [.. resource.Wanted!.Compared.Select(field => new { path = field.Key, verdict = FieldVerdict.Send, before = (object?)null, after = (object?)shown.Of(field.Value) })]
                    : resource.Fields.Where(change => change.Verdict != FieldVerdict.Converged)
                        .SelectMany(change => Differences.Of(change.Name, change.Remote, change.Files).DefaultIfEmpty(new Difference(change.Name, null, null))
                            .Select(difference => new { path = difference.Path, verdict = change.Verdict, before = (object?)shown.Of(difference.Before), after = (object?)shown.Of(difference.After) }))
                        .ToArray(),
            });
        }

        foreach (var problem in plan.Problems)
        {
            console.Object(new { type = "problem", key = problem.Key.ToString(), message = problem.Message, fix = problem.Fix, blocks = problem.Blocks });
        }

        console.Object(new
        {
            type = "summary",
            environment = plan.State.Environment,
            create = plan.Of(PlanAction.Create).Count(),
            update = plan.Of(PlanAction.Update).Count(),
            replace = plan.Of(PlanAction.Replace).Count(),
            delete = plan.Of(PlanAction.Delete).Count(),
            adopt = plan.Of(PlanAction.Adopt).Count(),
            conflict = plan.Of(PlanAction.Conflict).Count(),
            drift = plan.Resources.Count(resource => resource.Action != PlanAction.Conflict && resource.HasDrift),
            heldBack = plan.Resources.Count(resource => resource.IsHeldBack),
            empty = plan.IsEmpty,
        });
    }
}
