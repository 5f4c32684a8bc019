using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions.Schemas;
using ToolBackend.Vapi.Sync.Comparison;
using ToolBackend.Vapi.Sync.State;

namespace ToolBackend.Vapi.Sync.Planning;

/// <summary>
/// Three-way, field by field. A field is replaced as a whole at Vapi, so it is compared as a whole too.
/// </summary>
/// <remarks>
/// <code>
/// files changed   Vapi changed   same now
/// no              no             -          nothing, even where Vapi wrote it differently than we did
/// any             any            yes        converged: only remembered
/// yes             no             no         send
/// no              yes            no         drift
/// yes             yes            no         conflict
/// </code>
/// "Changed" is since the last apply, by the hashes of the state. PlannerTests has the table.
/// </remarks>
internal sealed class FieldComparison(SyncKind kind, ResourceState known, FieldHasher hasher, bool force)
{
    /// <summary>Nothing is remembered of what the files said: whatever differs may be newer at Vapi.</summary>
    public bool IsStrict { get; init; }

    /// <summary>What Vapi has new is our own doing.</summary>
    public bool RemoteIsOurs { get; init; }

    /// <summary>Hashes of what a request was to send whose answer was never heard.</summary>
    public ImmutableSortedDictionary<string, string> CutOff { get; init; } = ResourceState.Nothing;

    public IReadOnlyList<FieldChange> Of(JsonObject files, NormalBody remote)
    {
        var names = files.Select(field => field.Key)
            .Concat(remote.Body.Select(field => field.Key).Concat(known.Files.Keys).Concat(known.Vapi?.Keys ?? []).Order(StringComparer.Ordinal))
            .Distinct(StringComparer.Ordinal);
        return [.. names.Select(name => Of(name, files, remote)).OfType<FieldChange>()];
    }

    private FieldChange? Of(string name, JsonObject filesBody, NormalBody remoteBody)
    {
        var isInFiles = filesBody.TryGetPropertyValue(name, out var files);
        var remote = remoteBody.Body[name];
        var filesHash = isInFiles ? hasher.Of(files) : null;
        var wasApplied = known.Files.TryGetValue(name, out var applied);
        var filesChanged = filesHash != applied;
        var wasSent = filesHash is not null && CutOff.GetValueOrDefault(name) == filesHash;
        // Which secret Vapi has is not told: a field that names one is the same only when it is known to have been sent.
        var isSame = Sameness.OfField(name, files, remote) && (wasSent || !filesChanged || files is null || Definitions.Secrets.NamesIn(files).Count == 0);
        if (RemoteIsOurs)
        {
            var isRemembered = !filesChanged && remoteBody.Hashes.GetValueOrDefault(name) == known.Vapi?.GetValueOrDefault(name);
            return !isSame && isInFiles ? new FieldChange(name, FieldVerdict.Send, files, remote) : isRemembered ? null : new FieldChange(name, FieldVerdict.Converged, files, remote);
        }

        var remoteChanged = RemoteChanged(name, remoteBody.Hashes.GetValueOrDefault(name), isSame, isInFiles, wasApplied && !filesChanged);
        if (!filesChanged && !remoteChanged)
        {
            return null;
        }

        var verdict = isSame ? FieldVerdict.Converged
            : !remoteChanged ? FieldVerdict.Send
            : filesChanged ? FieldVerdict.Conflict
            : FieldVerdict.Drift;
        if (force && (verdict is FieldVerdict.Drift or FieldVerdict.Conflict))
        {
            verdict = isInFiles || wasApplied || WasAbsentAndIsKnown(name) ? FieldVerdict.Send : FieldVerdict.Converged;
        }

        return new FieldChange(name, verdict, files, remote);
    }

    private bool RemoteChanged(string name, string? hash, bool isSame, bool isInFiles, bool isAsApplied)
    {
        if (known.Vapi is { } before)
        {
            return hash != before.GetValueOrDefault(name);
        }

        return !isSame && (IsStrict ? isInFiles : isAsApplied);
    }

    // What somebody added at Vapi and no file mentions is cleared; what was there before us, or is no field that can be written, stays.
    private bool WasAbsentAndIsKnown(string name) =>
        known.Vapi?.ContainsKey(name) == false && (kind == SyncKind.NumberRouting || Knows(DefinitionSchemas.Of(kind.Resource()), name));

    private static bool Knows(JsonSchema schema, string member) => schema.Members.ContainsKey(member) || schema.OneOf.Any(branch => Knows(branch, member));
}
