using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Sync.Comparison;
using ToolBackend.Vapi.Sync.State;

namespace ToolBackend.Vapi.Sync.Planning;

/// <summary>What is remembered of a resource after a request, or without one.</summary>
internal static class StateAfter
{
    /// <summary>Equal to no hash: what Vapi had is not known, so it counts as changed.</summary>
    private const string Unknown = "?";

    /// <param name="planned">With what was known before.</param>
    /// <param name="remote">As Vapi has it now, normalised.</param>
    /// <param name="sent">Names of the fields that were sent.</param>
    /// <param name="incomplete">Those of them that were sent without a reference, so that they are sent again.</param>
    /// <param name="secrets">Hashes of the secrets that were sent.</param>
    public static ResourceState Of(
        PlannedResource planned, string id, NormalBody remote, IReadOnlySet<string> sent, IReadOnlySet<string> incomplete, IReadOnlyDictionary<string, string> secrets, FieldHasher hasher)
    {
        var known = planned.Known ?? new ResourceState(id);
        var files = known.Files.ToBuilder();
        var vapi = (known.Vapi ?? ResourceState.Nothing).ToBuilder();
        var wanted = planned.Wanted?.Compared ?? new JsonObject();
        var verdicts = planned.Fields.ToDictionary(field => field.Name, field => field.Verdict, StringComparer.Ordinal);
        foreach (var name in wanted.Select(field => field.Key).Concat(remote.Hashes.Keys).Concat(known.Files.Keys).Concat(vapi.Keys.ToList()).Distinct(StringComparer.Ordinal))
        {
            var verdict = verdicts.TryGetValue(name, out var given) ? given : (FieldVerdict?)null;
            if (sent.Contains(name) || verdict == FieldVerdict.Converged)
            {
                Set(files, name, incomplete.Contains(name) || !wanted.TryGetPropertyValue(name, out var value) ? null : hasher.Of(value));
                Set(vapi, name, remote.Hashes.GetValueOrDefault(name));
            }
            else if (known.Vapi is null)
            {
                Set(vapi, name, verdict is FieldVerdict.Drift or FieldVerdict.Conflict ? Unknown : remote.Hashes.GetValueOrDefault(name));
            }
        }

        return known with { Id = id, Files = files.ToImmutable(), Vapi = vapi.ToImmutable(), Secrets = Secrets(planned, known, secrets) };
    }

    /// <summary>Hashes of the values of all secrets that the fields name, of those that are set.</summary>
    public static ImmutableSortedDictionary<string, string> SecretsOf(IEnumerable<JsonNode?> fields, Func<string, string?> readEnvironmentVariable, FieldHasher hasher) =>
        fields.OfType<JsonNode>().SelectMany(Definitions.Secrets.NamesIn).Distinct(StringComparer.Ordinal)
            .Select(name => (Name: name, Value: readEnvironmentVariable(name)))
            .Where(secret => secret.Value is { Length: > 0 })
            .ToImmutableSortedDictionary(secret => secret.Name, secret => hasher.Of(secret.Value!), StringComparer.Ordinal);

    // Those that no field names any more are forgotten.
    private static ImmutableSortedDictionary<string, string> Secrets(PlannedResource planned, ResourceState known, IReadOnlyDictionary<string, string> sent)
    {
        var named = planned.Wanted is null ? [] : Definitions.Secrets.NamesIn(planned.Wanted.Body);
        return known.Secrets.SetItems(sent).RemoveRange(known.Secrets.Keys.Except(named, StringComparer.Ordinal));
    }

    private static void Set(ImmutableSortedDictionary<string, string>.Builder target, string name, string? hash)
    {
        if (hash is null)
        {
            target.Remove(name);
        }
        else
        {
            target[name] = hash;
        }
    }
}
