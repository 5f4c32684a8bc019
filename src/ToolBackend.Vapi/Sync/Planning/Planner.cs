using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Sync.Comparison;
using ToolBackend.Vapi.Sync.State;
using ToolBackend.Vapi.Sync.World;

namespace ToolBackend.Vapi.Sync.Planning;

/// <summary>
/// Compares what was last applied, what Vapi has and what the files say. Pure: the same three give the same plan. What is not ours, by the state or by the marker of
/// an assistant, is never changed; what somebody changed at Vapi is not either, unless that is asked for.
/// </summary>
public sealed class Planner
{
    private readonly DefinitionSet _definitions;
    private readonly SyncState _state;
    private readonly RemoteWorld _world;
    private readonly PlanOptions _options;
    private readonly Func<string, string?> _readEnvironmentVariable;
    private readonly FieldHasher _hasher;
    private readonly IdNames _names;
    private readonly Normaliser _normaliser;
    private readonly HashSet<(SyncKind, string)> _claimed;
    private readonly List<PlanProblem> _problems = [];

    private Planner(DefinitionSet definitions, SyncState state, RemoteWorld world, PlanOptions options, Func<string, string?> readEnvironmentVariable)
    {
        (_definitions, _state, _world, _options, _readEnvironmentVariable) = (definitions, state, world, options, readEnvironmentVariable);
        _hasher = new FieldHasher(state.Salt);
        _names = IdNames.Of(state);
        _names.AddCredentials(definitions.Of(ResourceKind.Credential), world);
        _normaliser = new Normaliser(_hasher, _names);
        _claimed = [.. state.Resources.SelectMany(entry => entry.Value.Former.Append(entry.Value.Id).Select(id => (entry.Key.Kind, id)))];
    }

    /// <param name="readEnvironmentVariable">The process environment, to notice secrets that have other values than when they were sent.</param>
    public static SyncPlan Plan(DefinitionSet definitions, SyncState state, RemoteWorld world, PlanOptions options, Func<string, string?> readEnvironmentVariable) =>
        new Planner(definitions, state, world, options, readEnvironmentVariable).Plan();

    private SyncPlan Plan()
    {
        var wanted = WantedResources.Of(_definitions, _normaliser);
        var keys = wanted.Select(resource => resource.Key).ToHashSet();
        var planned = wanted.Select(Plan)
            .Concat(_state.Resources.Where(entry => !keys.Contains(entry.Key)).Select(entry => Gone(entry.Key, entry.Value)))
            .Concat(_state.Pending.Where(entry => entry.Value.Creates && !keys.Contains(entry.Key) && !_state.Resources.ContainsKey(entry.Key)).Select(entry => Abandoned(entry.Key, entry.Value)))
            .OrderBy(resource => resource.Key, ResourceKey.Order)
            .ToList();
        new Relinking(_state, _world, _options, planned).Run();
        NumberSaving.Run(_world, _options, planned, _problems);
        planned = [.. planned.Select(Settled)];
        var scope = PlanScope.Of(planned, _options.Targets);
        return new SyncPlan(_state, [.. planned.Where(resource => scope(resource.Key))], [.. _problems.Where(problem => scope(problem.Key))], _options);
    }

    private PlannedResource Plan(WantedResource wanted)
    {
        if (wanted.Key.Kind == SyncKind.Credential && !_options.ManageCredentials)
        {
            return ReadCredential(wanted);
        }

        if (wanted.Key.Kind == SyncKind.NumberRouting)
        {
            return PlanRouting(wanted);
        }

        if (_state.Resources.TryGetValue(wanted.Key, out var known))
        {
            return CutOff(wanted, known) ?? (_world.Find(wanted.Key.Kind, known.Id) is { } remote
                ? Compare(wanted, remote, known)
                : new PlannedResource(wanted.Key, PlanAction.Create) { Wanted = wanted, Known = known, Reason = "it was deleted at Vapi" });
        }

        return CutOff(wanted) ?? ByMarker(wanted) ?? (Namesakes(wanted) is [_, ..] others
            ? new PlannedResource(wanted.Key, PlanAction.Adopt)
            {
                Wanted = wanted,
                Candidates = [.. others.Select(other => other.Id)],
                Remote = others is [var only] ? only : null,
                RemoteBody = others is [var one] ? _normaliser.Remote(one) : null,
            }
            : new PlannedResource(wanted.Key, PlanAction.Create) { Wanted = wanted });
    }

    private PlannedResource Compare(WantedResource wanted, RemoteResource remote, ResourceState known, bool isStrict = false, bool remoteIsOurs = false)
    {
        var body = _normaliser.Remote(remote);
        var comparison = new FieldComparison(wanted.Key.Kind, known, _hasher, _options.Force) 
        {
            IsStrict = isStrict,
            RemoteIsOurs = remoteIsOurs,
            CutOff = _state.Pending.GetValueOrDefault(wanted.Key)?.Files ?? ResourceState.Nothing,
        };
        var fields = Guarded(wanted.Key.Kind, WithRotations(wanted, known, comparison.Of(wanted.Compared, body), body.Body));
        var planned = new PlannedResource(wanted.Key, ActionOf(fields)) { Wanted = wanted, Remote = remote, RemoteBody = body, Known = known, Fields = fields };
        return Fixed(wanted.Key.Kind) is { } member && planned.Sent.FirstOrDefault(field => field.Name == member && field.Files is not null) is not null
            ? planned with
            {
                Action = planned.HasDrift && !_options.Force ? PlanAction.Conflict : PlanAction.Replace,
                IsHeldBack = !_options.AllowDelete && (!planned.HasDrift || _options.Force),
                Reason = $"Vapi changes the {member} of nothing that is there",
            }
            : planned;
    }

    // A squad is never changed without its members: they are sent with any other field, and would overwrite what is newer at Vapi.
    internal static IReadOnlyList<FieldChange> Guarded(SyncKind kind, IReadOnlyList<FieldChange> fields) =>
        kind == SyncKind.Squad && fields.Any(field => field.Verdict == FieldVerdict.Send)
            ? [.. fields.Select(field => field is { Name: "members", Verdict: FieldVerdict.Drift } ? field with { Verdict = FieldVerdict.Conflict } : field)]
            : fields;

    internal static PlanAction ActionOf(IReadOnlyList<FieldChange> fields) =>
        fields.Any(field => field.Verdict == FieldVerdict.Conflict) ? PlanAction.Conflict
        : fields.Any(field => field.Verdict == FieldVerdict.Send) ? PlanAction.Update
        : fields.Any(field => field.Verdict == FieldVerdict.Drift) ? PlanAction.Drift
        : PlanAction.Unchanged;

    /// <summary>The member that tells sub-kinds apart, which a PATCH cannot change.</summary>
    private static string? Fixed(SyncKind kind) => kind switch
    {
        SyncKind.Tool or SyncKind.StructuredOutput => "type",
        SyncKind.Credential or SyncKind.PhoneNumber => "provider",
        _ => null,
    };

    private IReadOnlyList<FieldChange> WithRotations(WantedResource wanted, ResourceState known, IReadOnlyList<FieldChange> fields, JsonObject remote)
    {
        var result = fields.ToList();
        foreach (var (name, value) in wanted.Body.Where(field => field.Value is not null))
        {
            var rotated = StateAfter.SecretsOf([value], _readEnvironmentVariable, _hasher)
                .Where(secret => known.Secrets.TryGetValue(secret.Key, out var before) && before != secret.Value).Select(secret => secret.Key).ToList();
            if (rotated.Count == 0)
            {
                continue;
            }

            var at = result.FindIndex(field => field.Name == name);
            if (at < 0)
            {
                result.Add(new FieldChange(name, FieldVerdict.Send, wanted.Compared[name], remote[name]) { Rotated = rotated });
            }
            else if (result[at].Verdict is FieldVerdict.Converged or FieldVerdict.Send)
            {
                result[at] = result[at] with { Verdict = FieldVerdict.Send, Rotated = rotated };
            }
        }

        return result;
    }

    /// <summary>No file defines it any more.</summary>
    private PlannedResource Gone(ResourceKey key, ResourceState known)
    {
        if (key.Kind == SyncKind.NumberRouting)
        {
            return new PlannedResource(key, PlanAction.Forget) { Known = known, Reason = "the number keeps its addresses" };
        }

        if (_world.Find(key.Kind, known.Id) is not { } remote)
        {
            return new PlannedResource(key, PlanAction.Forget) { Known = known, Reason = "Vapi has it no more" };
        }

        if (key.Kind == SyncKind.Credential && !_options.ManageCredentials)
        {
            return new PlannedResource(key, PlanAction.Read) { Known = known, Remote = remote, Reason = "no file defines it; credentials are only read here" };
        }

        var body = _normaliser.Remote(remote);
        var drift = known.Vapi is null || _options.Force ? [] : body.Hashes.Keys.Concat(known.Vapi.Keys).Distinct(StringComparer.Ordinal)
            .Where(name => body.Hashes.GetValueOrDefault(name) != known.Vapi.GetValueOrDefault(name))
            .Select(name => new FieldChange(name, FieldVerdict.Conflict, null, body.Body[name])).ToList();
        return new PlannedResource(key, drift.Count > 0 ? PlanAction.Conflict : PlanAction.Delete)
        {
            Remote = remote,
            RemoteBody = body,
            Known = known,
            Fields = drift,
            IsHeldBack = drift.Count == 0 && !_options.AllowDelete,
            Reason = drift.Count > 0 ? "its file is gone, and it was changed at Vapi since" : null,
        };
    }

    /// <summary>A create that was cut off, and its file is gone since: what it made is ours and wanted by nobody.</summary>
    private PlannedResource Abandoned(ResourceKey key, PendingStep pending)
    {
        var made = pending.Name is null ? null : _world.Of(key.Kind).FirstOrDefault(other => IsFree(other) && other.Name == pending.Name && !pending.Before.Contains(other.Id));
        return made is null
            ? new PlannedResource(key, PlanAction.Forget) { Reason = pending.Name is null ? "making it was cut off; it has no name to look for, so look at Vapi's dashboard" : "making it was cut off; Vapi has none" }
            : new PlannedResource(key, PlanAction.Delete)
            {
                Remote = made,
                RemoteBody = _normaliser.Remote(made),
                Known = new ResourceState(made.Id) { Vapi = null },
                IsHeldBack = !_options.AllowDelete,
                Reason = "making it was cut off, and its file is gone",
            };
    }

    private PlannedResource ReadCredential(WantedResource wanted)
    {
        var found = _state.Resources.TryGetValue(wanted.Key, out var known) && _world.Find(SyncKind.Credential, known.Id) is { } ours ? [ours] : Namesakes(wanted, claimedToo: true);
        if (found.Count != 1)
        {
            _problems.Add(new PlanProblem(
                wanted.Key,
                found.Count == 0 ? $"Vapi has no credential named {wanted.VapiName}" : $"Vapi has {found.Count} credentials named {wanted.VapiName}",
                found.Count > 0 ? "rename all but one in Vapi's dashboard"
                    : $"add --manage-credentials here and to apply, or vapi.manageCredentials: true to environments/{_state.Environment}.yaml, and apply makes it; or make it in Vapi's dashboard under this name",
                Blocks: true,
                wanted.Definition.Location));
        }

        return new PlannedResource(wanted.Key, PlanAction.Read) { Wanted = wanted, Remote = found is [var only] ? only : null };
    }

    private PlannedResource PlanRouting(WantedResource wanted)
    {
        if (!_world.Knows(SyncKind.NumberRouting))
        {
            _problems.Add(new PlanProblem(
                wanted.Key, "the number's addresses at Twilio were not looked at", $"set {_definitions.Environment.TwilioTokenVariable}", Blocks: false, wanted.Definition.Location));
            return new PlannedResource(wanted.Key, PlanAction.Read) { Wanted = wanted };
        }

        var number = wanted.VapiName;
        if (_world.Of(SyncKind.NumberRouting).FirstOrDefault(candidate => candidate.Name == number) is not { } remote)
        {
            _problems.Add(new PlanProblem(
                wanted.Key, "the Twilio account has no such number", "buy it at Twilio, correct it, or take routing: out of the file", Blocks: true, wanted.Definition.Location));
            return new PlannedResource(wanted.Key, PlanAction.Read) { Wanted = wanted };
        }

        if (remote.Body.TextAt("bypass") is { } bypass)
        {
            _problems.Add(new PlanProblem(
                wanted.Key, $"Twilio ignores the number's addresses: it is answered by {bypass}", "take that off the number at Twilio", Blocks: true, wanted.Definition.Location));
        }

        var isCutOff = _state.Pending.ContainsKey(wanted.Key);
        if (_state.Resources.TryGetValue(wanted.Key, out var known) && known.Id == remote.Id)
        {
            return Compare(wanted, remote, known, remoteIsOurs: isCutOff);
        }

        var body = _normaliser.Remote(remote);
        var foreign = body.Body.Where(address => !NumberSaving.IsFree(address.Value.AsText()) && !Sameness.OfField(address.Key, wanted.Compared[address.Key], address.Value)
            && wanted.Compared.ContainsKey(address.Key)).Select(address => address.Key).ToList();
        return foreign.Count == 0 || isCutOff
            ? Compare(wanted, remote, new ResourceState(remote.Id) { Vapi = body.Hashes })
            : new PlannedResource(wanted.Key, PlanAction.Adopt) { Wanted = wanted, Remote = remote, RemoteBody = body, Candidates = [remote.Id], Reason = "the number calls other addresses" };
    }

    /// <summary>What a create that was cut off may have made.</summary>
    private PlannedResource? CutOff(WantedResource wanted, ResourceState? before = null)
    {
        if (!_state.Pending.TryGetValue(wanted.Key, out var pending) || !pending.Creates)
        {
            return null;
        }

        var made = wanted.VapiName is null
            ? _world.Of(wanted.Key.Kind).Where(other => IsFree(other) && HasAllOf(wanted, other)).ToList()
            : Namesakes(wanted);
        return made.Where(other => !pending.Before.Contains(other.Id)).ToList() switch
        {
            [] => null,
            [var ours, ..] => Compare(wanted, ours, new ResourceState(ours.Id)
            {
                Files = pending.Files,
                Vapi = null,
                Secrets = pending.Secrets,
                Former = before is null ? new ResourceState(ours.Id).Former : before.Former.Add(before.Id),
            }),
        };
    }

    // Somebody lost the state: what carries our mark is ours, and what differs in it may be newer than our files.
    private PlannedResource? ByMarker(WantedResource wanted)
    {
        if (wanted.Key.Kind != SyncKind.Assistant)
        {
            return null;
        }

        var marker = WantedResources.MarkerOf(_state.Environment, wanted.Key.Name);
        return Namesakes(wanted).Where(other => other.Body.TextAt($"metadata.{WantedResources.Marker}") == marker).ToList() is [var ours]
            ? Compare(wanted, ours, new ResourceState(ours.Id) { Vapi = null }, isStrict: true)
            : null;
    }

    private List<RemoteResource> Namesakes(WantedResource wanted, bool claimedToo = false)
    {
        var number = wanted.Key.Kind == SyncKind.PhoneNumber ? wanted.Body.TextAt("number") : null;
        return [.. _world.Of(wanted.Key.Kind).Where(other => (claimedToo || IsFree(other))
            && (number is not null && other.Body.TextAt("number") is { } theirs ? theirs == number : wanted.VapiName is { } name && other.Name == name))];
    }

    private bool IsFree(RemoteResource other) => !other.IsPlatformDefault && !_claimed.Contains((other.Kind, other.Id));

    private bool HasAllOf(WantedResource wanted, RemoteResource other)
    {
        var body = _normaliser.Remote(other).Body;
        // It may have been made without what did not exist yet, and does not now.
        var unlinked = _normaliser.Files(ReferenceTable.Replace(wanted.Body, reference => _names.IdOf(reference.Kind, reference.Name) is null ? null : reference.Name));
        return wanted.Compared.All(field => Sameness.OfField(field.Key, field.Value, body[field.Key]) || Sameness.OfField(field.Key, unlinked[field.Key], body[field.Key]));
    }

    // What both sides agree on is remembered without a request.
    private PlannedResource Settled(PlannedResource planned)
    {
        if (planned is not { Known: { } known, RemoteBody: { } remote, Remote.Id: var id } || planned.Wanted is null || planned.Action is PlanAction.Replace or PlanAction.Adopt)
        {
            return planned;
        }

        var none = new HashSet<string>(StringComparer.Ordinal);
        var secrets = StateAfter.SecretsOf(
            planned.Fields.Where(field => field.Verdict == FieldVerdict.Converged).Select(field => planned.Wanted.Body[field.Name]), _readEnvironmentVariable, _hasher);
        var after = StateAfter.Of(planned, id, remote, none, none, secrets, _hasher);
        var before = _state.Resources.GetValueOrDefault(planned.Key);
        return after.Equals(before) && !_state.Pending.ContainsKey(planned.Key) ? planned : planned with { Known = after, Settles = after };
    }
}
