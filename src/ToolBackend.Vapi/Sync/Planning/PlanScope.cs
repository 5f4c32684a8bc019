namespace ToolBackend.Vapi.Sync.Planning;

/// <summary>Which resources of a plan are meant by <c>--target</c>: the named ones, what has to be made or looked up for them, and the routing of a named number.</summary>
internal static class PlanScope
{
    public static Func<ResourceKey, bool> Of(IReadOnlyList<PlannedResource> planned, IReadOnlyList<ResourceKey> targets)
    {
        if (targets.Count == 0)
        {
            return static _ => true;
        }

        var byKey = planned.ToDictionary(resource => resource.Key);
        var inScope = new HashSet<ResourceKey>();
        var waiting = new Stack<ResourceKey>(targets.Concat(
            targets.Where(target => target.Kind == SyncKind.PhoneNumber).Select(number => new ResourceKey(SyncKind.NumberRouting, number.Name))));
        while (waiting.TryPop(out var key))
        {
            if (!byKey.TryGetValue(key, out var resource) || !inScope.Add(key) || resource.Wanted is null)
            {
                continue;
            }

            foreach (var needed in resource.Wanted.References)
            {
                if (byKey.TryGetValue(needed, out var other) && (other.Action is PlanAction.Create or PlanAction.Replace or PlanAction.Read or PlanAction.Adopt))
                {
                    waiting.Push(needed);
                }
            }
        }

        return inScope.Contains;
    }
}
