using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Sync.World;

namespace ToolBackend.Vapi.Sync.Comparison;

/// <summary>What Vapi has, in normal form.</summary>
/// <param name="Body">To compare with files and to show.</param>
/// <param name="Hashes">Of each top-level field, to notice changes at Vapi.</param>
public sealed record NormalBody(JsonObject Body, ImmutableSortedDictionary<string, string> Hashes);

/// <summary>
/// Brings what Vapi has and what the files say into one form: ids as names of definitions, server-made members gone, secrets sealed. Server defaults stay: they are in
/// what was remembered of the last apply too, and <see cref="Sameness"/> knows them where nothing is remembered.
/// </summary>
public sealed class Normaliser(FieldHasher hasher, IdNames names)
{
    private static readonly string[] s_always = ["id", "orgId", "createdAt", "updatedAt", "isDeleted", "latestVersion"];

    private static readonly Dictionary<SyncKind, string[]> s_byKind = new()
    {
        [SyncKind.Assistant] = ["isServerUrlSecretSet", "analyticsMetadata", "workflowIds"],
        // Its assistants are said by the assistants (artifactPlan.structuredOutputIds); Vapi mirrors that here.
        [SyncKind.StructuredOutput] = ["assistantIds", "workflowIds"],
        [SyncKind.PhoneNumber] =
        [
            "status", "providerResourceId", "twilioOutgoingCallerId", "stripeSubscriptionId", "stripeSubscriptionStatus", "stripeSubscriptionCurrentPeriodStart", "useClusterSip",
        ],
        [SyncKind.Credential] = ["authenticationSession"],
        [SyncKind.NumberRouting] = ["number", "bypass"],
    };

    /// <summary>A new body; the remote one is not touched. Members that nobody here knows stay.</summary>
    public NormalBody Remote(RemoteResource resource)
    {
        var body = WithoutServerMade(resource.Kind, (JsonObject)resource.Body.DeepClone());
        SecretFields.Seal(body, hasher);
        // Hashed with ids: which of them are ours may change without anybody touching the object.
        return new NormalBody(ReferenceTable.ReplaceIds(body, names.NameOf), hasher.Fields(body));
    }

    /// <summary>A new body in which ids that the files wrote are names where they can be, and values that Vapi's side has sealed are sealed alike.</summary>
    public JsonObject Files(JsonObject body)
    {
        var copy = ReferenceTable.ReplaceIds(body, names.NameOf);
        SecretFields.Seal(copy, hasher);
        return copy;
    }

    /// <summary>Takes out, in place, what Vapi makes itself and takes from nobody. Null members go as well: they are as good as absent.</summary>
    public static JsonObject WithoutServerMade(SyncKind kind, JsonObject body)
    {
        foreach (var name in s_always.Concat(s_byKind.GetValueOrDefault(kind) ?? []))
        {
            body.Remove(name);
        }

        foreach (var (name, _) in body.Where(member => member.Value is null).ToList())
        {
            body.Remove(name);
        }

        return body;
    }
}
