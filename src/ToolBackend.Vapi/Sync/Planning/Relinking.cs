using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Sync.State;
using ToolBackend.Vapi.Sync.World;

namespace ToolBackend.Vapi.Sync.Planning;

/// <summary>
/// What is made anew gets another id, and whatever refers to the old one must be sent again although its file is as it was. Ids of earlier selves are known from the state,
/// so that a run that was cut off in between is taken up.
/// </summary>
internal sealed class Relinking(SyncState state, RemoteWorld world, PlanOptions options, List<PlannedResource> planned)
{
    private readonly HashSet<(ResourceKind, string)> _outdated = [];
    private readonly HashSet<(ResourceKind, string)> _referred = [];

    public void Run()
    {
        foreach (var resource in planned.Where(resource => resource.Known is not null))
        {
            var known = resource.Known!;
            var isMadeAnew = !resource.IsHeldBack && (resource.Action is PlanAction.Create or PlanAction.Replace);
            foreach (var id in isMadeAnew ? known.Former.Append(known.Id) : known.Former)
            {
                _outdated.Add((resource.Key.Kind.Resource(), id));
            }
        }

        if (_outdated.Count == 0)
        {
            return;
        }

        for (var i = 0; i < planned.Count; i++)
        {
            planned[i] = Linked(planned[i]);
        }

        for (var i = 0; i < planned.Count; i++)
        {
            planned[i] = WithoutOldSelves(planned[i]);
        }
    }

    private PlannedResource Linked(PlannedResource resource)
    {
        if (resource is not { Wanted: { } wanted, Remote: { } remote, RemoteBody: { } body }
            || resource.Action is not (PlanAction.Unchanged or PlanAction.Update or PlanAction.Drift or PlanAction.Conflict))
        {
            return resource;
        }

        var fields = resource.Fields.ToList();
        foreach (var name in body.Body.Select(field => field.Key).Where(name => RefersToOutdated(remote, name) && wanted.Compared.ContainsKey(name)))
        {
            var at = fields.FindIndex(field => field.Name == name);
            if (at < 0)
            {
                fields.Add(new FieldChange(name, FieldVerdict.Send, wanted.Compared[name], body.Body[name]) { Relinks = true });
            }
            else
            {
                fields[at] = fields[at] with
                {
                    Relinks = true,
                    Verdict = fields[at].Verdict is FieldVerdict.Drift or FieldVerdict.Conflict && !options.Force ? FieldVerdict.Conflict : FieldVerdict.Send,
                };
            }
        }

        var guarded = Planner.Guarded(resource.Key.Kind, fields);
        return resource with { Fields = guarded, Action = Planner.ActionOf(guarded) };
    }

    private bool RefersToOutdated(RemoteResource remote, string field)
    {
        var refers = false;
        ReferenceTable.ReplaceIds(new() { [field] = remote.Body[field]?.DeepClone() }, (kind, id) =>
        {
            if (_outdated.Contains((kind, id)))
            {
                _referred.Add((kind, id));
                refers = true;
            }

            return null;
        });
        return refers;
    }

    // An earlier self that is still there is deleted; one that is gone and that nothing refers to is forgotten.
    private PlannedResource WithoutOldSelves(PlannedResource resource)
    {
        if (resource.Known is not { Former.IsEmpty: false } known)
        {
            return resource;
        }

        var there = known.Former.Where(id => world.Find(resource.Key.Kind, id) is not null).ToList();
        var kept = known.Former.Where(id => there.Contains(id) || _referred.Contains((resource.Key.Kind.Resource(), id)));
        var leftovers = options.AllowDelete && state.Resources.ContainsKey(resource.Key) ? there : [];
        return resource with { Known = known with { Former = known.Former.Intersect(kept.ToList()) }, Leftovers = leftovers };
    }
}
