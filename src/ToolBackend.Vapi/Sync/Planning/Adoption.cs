using System.Text.Json.Nodes;
using ToolBackend.Vapi.Sync.Comparison;
using ToolBackend.Vapi.Sync.State;
using ToolBackend.Vapi.Sync.World;

namespace ToolBackend.Vapi.Sync.Planning;

/// <summary>What adopting one resource comes to: a state to remember, or why not.</summary>
/// <param name="Known">Null when it is refused.</param>
public sealed record AdoptionOutcome(ResourceState? Known, RemoteResource? Remote, string? Refusal, string? Fix);

/// <summary>Takes something that is at Vapi, and that this tool did not make, into the state. What it has now is what it is compared with from then on.</summary>
public static class Adoption
{
    /// <summary>Several that may refer to each other, in their order. No object is adopted twice.</summary>
    /// <param name="plan">Of everything, as it is without them.</param>
    public static IEnumerable<(ResourceKey Key, AdoptionOutcome Outcome)> Of(SyncPlan plan, RemoteWorld world, IReadOnlyCollection<(ResourceKey Key, string? Id)> chosen)
    {
        var names = IdNames.Of(plan.State);
        foreach (var (key, id) in plan.Of(PlanAction.Read).Select(credential => (credential.Key, credential.Remote?.Id)).Concat(chosen.Select(one => (one.Key, one.Id ?? OnlyCandidate(plan, one.Key)))))
        {
            if (id is not null && key.Kind != SyncKind.NumberRouting)
            {
                names.Add(key, id);
            }
        }

        foreach (var (key, id) in chosen)
        {
            var outcome = Of(plan, world, key, id, names);
            plan = outcome.Known is { } known ? plan with { State = plan.State.With(key, known) } : plan;
            yield return (key, outcome);
        }
    }

    /// <param name="plan">Of everything, as it is without it.</param>
    /// <param name="id">Which one; null for the only one of its name.</param>
    public static AdoptionOutcome Of(SyncPlan plan, RemoteWorld world, ResourceKey key, string? id) => Of(plan, world, key, id, IdNames.Of(plan.State));

    private static AdoptionOutcome Of(SyncPlan plan, RemoteWorld world, ResourceKey key, string? id, IdNames names)
    {
        if (plan.Resources.FirstOrDefault(resource => resource.Key == key) is not { Wanted: { } wanted } planned)
        {
            return Refused("no file defines it", "write the file first; toolbackend vapi pull writes one from what is there");
        }

        if (plan.State.Resources.ContainsKey(key))
        {
            return Refused("it is ours already", "toolbackend vapi plan shows how it differs");
        }

        if (id is null && planned.Candidates is not [_])
        {
            return planned.Candidates.Count > 1
                ? Refused($"Vapi has {planned.Candidates.Count} of that name", $"say which: {key}={planned.Candidates[0]}")
                : Refused("Vapi has none of that name", $"say which: {key}=ID");
        }

        if (world.Find(key.Kind, id ?? planned.Candidates[0]) is not { IsPlatformDefault: false } remote)
        {
            return Refused("there is no such object that could be ours", "look at its id in Vapi's dashboard");
        }

        if (plan.State.Resources.Any(entry => entry.Key.Kind == key.Kind && entry.Value.Id == remote.Id))
        {
            return Refused("another file has that object", "each object has one file");
        }

        var hasher = new FieldHasher(plan.State.Salt);
        var body = new Normaliser(hasher, names).Remote(remote);
        // A field that differs counts as changed in the files: the next plan offers to send it.
        var files = wanted.Compared.Where(field => IsSame(field.Key, field.Value, body.Body[field.Key]))
            .Select(field => KeyValuePair.Create(field.Key, hasher.Of(field.Value)));
        return new AdoptionOutcome(new ResourceState(remote.Id) { Vapi = body.Hashes, Files = ResourceState.Nothing.AddRange(files) }, remote, null, null);

        static AdoptionOutcome Refused(string why, string fix) => new(null, null, why, fix);
    }

    private static string? OnlyCandidate(SyncPlan plan, ResourceKey key) =>
        plan.Resources.FirstOrDefault(resource => resource.Key == key)?.Candidates is [var only] ? only : null;

    // That our mark is missing is no difference: what is adopted as it is shall not be changed by the next apply for that alone.
    private static bool IsSame(string field, JsonNode? files, JsonNode? remote)
    {
        if (Sameness.OfField(field, files, remote))
        {
            return true;
        }

        if (field != "metadata" || files?.DeepClone() is not JsonObject unmarked || !unmarked.Remove(WantedResources.Marker))
        {
            return false;
        }

        return Sameness.OfField(field, unmarked.Count == 0 ? null : unmarked, remote);
    }
}
