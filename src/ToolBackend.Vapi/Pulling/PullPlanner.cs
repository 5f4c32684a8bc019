using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Definitions.Writing;
using ToolBackend.Vapi.Sync;
using ToolBackend.Vapi.Sync.Comparison;
using ToolBackend.Vapi.Sync.Planning;
using ToolBackend.Vapi.Sync.World;

namespace ToolBackend.Vapi.Pulling;

/// <summary>
/// Turns a plan round: what it would leave alone or overwrite at Vapi becomes what the files are to say. Only fields that somebody changed at Vapi are taken; what only
/// the file has is left to it, and so is the file when nothing of it differs.
/// </summary>
public sealed class PullPlanner
{
    private readonly SyncPlan _plan;
    private readonly RemoteWorld _world;
    private readonly PullOptions _options;
    private readonly DefinitionWriter _writer;
    private readonly Func<string, string> _readFile;
    private readonly IdNames _names;
    private readonly Normaliser _normaliser;

    private PullPlanner(DefinitionSet definitions, SyncPlan plan, RemoteWorld world, PullOptions options, DefinitionWriter writer, Func<string, string> readFile)
    {
        (_plan, _world, _options, _writer, _readFile) = (plan, world, options, writer, readFile);
        _names = IdNames.Of(plan.State);
        _names.AddCredentials(definitions.Of(ResourceKind.Credential), world);
        _normaliser = new Normaliser(new FieldHasher(plan.State.Salt), _names);
    }

    /// <param name="plan">Of all these definitions, without targets.</param>
    /// <param name="world">What the plan was made of.</param>
    /// <param name="readFile">The content of a definition file, by its name relative to the folder.</param>
    public static IReadOnlyList<PulledResource> Plan(
        DefinitionSet definitions, SyncPlan plan, RemoteWorld world, PullOptions options, DefinitionWriter writer, Func<string, string> readFile) =>
        new PullPlanner(definitions, plan, world, options, writer, readFile).Plan();

    private List<PulledResource> Plan()
    {
        foreach (var planned in _plan.Resources.Where(planned => planned is { Action: PlanAction.Adopt, Remote: not null } && planned.Key.Kind != SyncKind.NumberRouting))
        {
            _names.Add(planned.Key, planned.Remote!.Id);
        }

        // Named before anything is written: they may refer to each other.
        var unknown = _options.All ? new NewNames(_plan, _world).Find() : [];
        foreach (var (key, remote) in unknown)
        {
            _names.Add(key, remote.Id);
        }

        var existing = _plan.Resources.Where(planned => planned.Wanted is not null && planned.Key.Kind != SyncKind.NumberRouting && planned.Action != PlanAction.Read).Select(Existing);
        return [.. existing.Concat(unknown.Select(entry => New(entry.Key, entry.Remote))).Where(pulled => IsMeant(pulled.Key)).OrderBy(pulled => pulled.Key, ResourceKey.Order)];
    }

    private bool IsMeant(ResourceKey key) =>
        _options.Targets.Count == 0 || _options.Targets.Contains(key)
        || (key.Kind == SyncKind.PhoneNumber && _options.Targets.Contains(new ResourceKey(SyncKind.NumberRouting, key.Name)));

    private PulledResource Existing(PlannedResource planned)
    {
        var definition = planned.Wanted!.Definition;
        var pulled = new PulledResource(planned.Key, PullAction.Unchanged) { File = definition.Location.File };
        var routing = _plan.Resources.FirstOrDefault(other => other.Key == new ResourceKey(SyncKind.NumberRouting, planned.Key.Name) && planned.Key.Kind == SyncKind.PhoneNumber);
        if (planned.Remote is not { } remote)
        {
            return planned.Action == PlanAction.Adopt
                ? pulled with { Action = PullAction.Ambiguous, Reason = $"Vapi has {planned.Candidates.Count} of that name" }
                : pulled with { Action = PullAction.Missing, Reason = planned.Reason };
        }

        pulled = pulled with { Id = remote.Id };
        var fields = Fields(planned);
        var addresses = routing?.Remote is null ? [] : Fields(routing);
        if (!_options.Force && fields.Concat(addresses).Where(field => field.Verdict == FieldVerdict.Conflict).ToList() is { Count: > 0 } conflicts)
        {
            return pulled with { Action = PullAction.Conflict, Fields = Names(conflicts.Where(fields.Contains), conflicts.Where(addresses.Contains)) };
        }

        var (taken, takenAddresses) = (fields.Where(IsTaken).ToList(), addresses.Where(IsTaken).ToList());
        try
        {
            var text = _writer.Edit(_readFile(definition.Location.File), definition, Body(planned, remote, taken), Routing(definition.Routing, routing, takenAddresses));
            var ahead = fields.Concat(addresses).Any(field => field.Verdict == FieldVerdict.Send && !IsTaken(field));
            return text is null
                ? pulled with { Action = ahead ? PullAction.Ahead : PullAction.Unchanged, Fields = Names(fields.Except(taken), addresses.Except(takenAddresses)) }
                : pulled with { Action = PullAction.Update, Text = text, Fields = Names(taken, takenAddresses), Secrets = NewSecrets(definition.Body, Body(planned, remote, taken)) };
        }
        catch (DefinitionUnwritableException reason)
        {
            return pulled with { Action = PullAction.Unwritable, Reason = reason.Message };
        }
    }

    private PulledResource New(ResourceKey key, RemoteResource remote)
    {
        var pulled = new PulledResource(key, PullAction.New) { File = DefinitionWriter.FileOf(key.Kind.Resource(), key.Name), Id = remote.Id };
        try
        {
            SecretPlaces.RefuseForms(remote.Body);
            var body = (JsonObject)FieldMerge.Clean("", _normaliser.Remote(remote).Body)!;
            foreach (var (name, value) in body.ToList())
            {
                body[name] = SecretPlaces.Name(key, name, value);
            }

            SecretPlaces.Complete(key, body);
            WithoutMarker(body, before: null);
            return pulled with { Text = _writer.New(key.Kind.Resource(), key.Name, body, NewRouting(remote)), Fields = [.. body.Select(field => field.Key)], Secrets = Secrets.NamesIn(body) };
        }
        catch (DefinitionUnwritableException reason)
        {
            return pulled with { Action = PullAction.Unwritable, Reason = reason.Message };
        }
    }

    /// <summary>The fields on which the sides differ, with who moved. Where nothing is remembered, Vapi's side is taken.</summary>
    private List<FieldChange> Fields(PlannedResource planned)
    {
        if (planned.Action != PlanAction.Adopt)
        {
            // A secret that was rotated and an id that is another one now are no difference of the files.
            return [.. planned.Fields.Where(field => field.Verdict != FieldVerdict.Converged && !Sameness.OfField(field.Name, field.Files, field.Remote))];
        }

        var (ours, theirs) = (planned.Wanted!.Compared, _normaliser.Remote(planned.Remote!).Body);
        return
        [
            .. ours.Concat(planned.Key.Kind == SyncKind.NumberRouting ? [] : theirs).Select(field => field.Key).Distinct(StringComparer.Ordinal)
                .Where(name => !Sameness.OfField(name, ours[name], theirs[name]))
                .Select(name => new FieldChange(name, FieldVerdict.Drift, ours[name], theirs[name])),
        ];
    }

    private bool IsTaken(FieldChange field) => field.Verdict == FieldVerdict.Drift || _options.Force;

    private JsonObject Body(PlannedResource planned, RemoteResource remote, IReadOnlyList<FieldChange> taken)
    {
        SecretPlaces.RefuseForms(remote.Body);
        var body = (JsonObject)planned.Wanted!.Definition.Body.DeepClone();
        var theirs = _normaliser.Remote(remote).Body;
        foreach (var field in taken)
        {
            if (FieldMerge.Of(field.Name, planned.Wanted.Compared[field.Name], theirs[field.Name]) is { } merged)
            {
                body[field.Name] = SecretPlaces.Name(planned.Key, field.Name, merged);
            }
            else
            {
                body.Remove(field.Name);
            }
        }

        WithoutMarker(body, planned.Wanted.Definition.Body);
        return body;
    }

    private static NumberRouting? Routing(NumberRouting? ours, PlannedResource? routing, List<FieldChange> taken)
    {
        if (ours is null || routing?.Remote is not { } remote)
        {
            return ours;
        }

        string? Address(string name, string? before) => taken.Any(field => field.Name == name) ? Posted(remote, name) : before;
        return new NumberRouting(Address("voiceUrl", ours.VoiceUrl), Address("voiceFallbackUrl", ours.VoiceFallbackUrl), Address("statusCallback", ours.StatusCallback));
    }

    private NumberRouting? NewRouting(RemoteResource number) =>
        number.Kind == SyncKind.PhoneNumber && number.Body.TextAt("provider") == "twilio" && number.Body.TextAt("number") is { } called
        && _world.Of(SyncKind.NumberRouting).FirstOrDefault(routed => routed.Name == called) is { } routed
        && new NumberRouting(Posted(routed, "voiceUrl"), Posted(routed, "voiceFallbackUrl"), Posted(routed, "statusCallback")) is var routing
        && routing != new NumberRouting(null, null, null)
            ? routing
            : null;

    // One that is called by GET is another address than files can say: they leave it as it is.
    private static string? Posted(RemoteResource routing, string name) => routing.Body.TextAt(name) is { } address && !address.StartsWith("GET ", StringComparison.Ordinal) ? address : null;

    // Whose an assistant is, is the state's to say, not a file's.
    private static void WithoutMarker(JsonObject body, JsonObject? before)
    {
        if (body["metadata"] is JsonObject metadata && metadata.Remove(WantedResources.Marker) && metadata.Count == 0 && before?.ContainsKey("metadata") != true)
        {
            body.Remove("metadata");
        }
    }

    private static IReadOnlyList<string> Names(IEnumerable<FieldChange> fields, IEnumerable<FieldChange> addresses) =>
        [.. fields.Select(field => field.Name), .. addresses.Select(field => "routing." + field.Name)];

    private static IReadOnlyList<string> NewSecrets(JsonObject before, JsonObject after) => [.. Secrets.NamesIn(after).Except(Secrets.NamesIn(before), StringComparer.Ordinal)];
}
