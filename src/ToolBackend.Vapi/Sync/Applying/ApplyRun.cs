using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Rest;
using ToolBackend.Vapi.Sync.Comparison;
using ToolBackend.Vapi.Sync.Planning;
using ToolBackend.Vapi.Sync.State;
using ToolBackend.Vapi.Sync.World;
using ToolBackend.Vapi.Twilio;

namespace ToolBackend.Vapi.Sync.Applying;

/// <summary>The requests of one apply, each between two entries in the journal.</summary>
internal sealed class ApplyRun
{
    private readonly IRemoteResources _remote;
    private readonly IStateStore _store;
    private readonly Func<string, string?> _readEnvironmentVariable;
    private readonly SyncPlan _plan;
    private readonly RemoteWorld _world;
    private readonly FieldHasher _hasher;
    private readonly IdNames _names;
    private readonly Normaliser _normaliser;
    private readonly List<(PlannedResource Resource, IReadOnlySet<string> Fields)> _unlinked = [];

    private readonly HashSet<string> _saved = new(StringComparer.Ordinal);

    public ApplyRun(IRemoteResources remote, IStateStore store, Func<string, string?> readEnvironmentVariable, SyncState state, SyncPlan plan, RemoteWorld world)
    {
        (_remote, _store, _readEnvironmentVariable, State, _plan, _world) = (remote, store, readEnvironmentVariable, state, plan, world);
        _hasher = new FieldHasher(state.Salt);
        _names = IdNames.Of(state);
        foreach (var credential in plan.Of(PlanAction.Read).Where(resource => resource is { Key.Kind: SyncKind.Credential, Remote: not null }))
        {
            _names.Add(credential.Key, credential.Remote!.Id);
        }

        foreach (var anew in plan.Of(PlanAction.Create, PlanAction.Replace).Where(resource => !resource.IsHeldBack && resource.Known is not null))
        {
            _names.Forget(anew.Key);
        }

        _normaliser = new Normaliser(_hasher, _names);
    }

    public SyncState State { get; private set; }

    /// <summary>What was made without a reference, to be sent again.</summary>
    public IEnumerable<PlannedResource> Unlinked => _unlinked.Select(entry => entry.Resource);

    public async Task CreateAsync(PlannedResource resource, CancellationToken cancellation)
    {
        var wanted = resource.Wanted!;
        var request = RequestBodies.OfCreate(wanted, _names, _readEnvironmentVariable);
        var secrets = StateAfter.SecretsOf([wanted.Body], _readEnvironmentVariable, _hasher);
        var namesakes = Namesakes(wanted, _world.Of(resource.Key.Kind)).Select(other => other.Id);
        await BeginAsync(resource.Key, new PendingStep(Creates: true)
        {
            Name = wanted.VapiName,
            Files = _hasher.Fields(wanted.Compared).RemoveRange(request.Incomplete),
            Secrets = secrets,
            Before = [.. namesakes],
        }, cancellation);

        var made = await TryAsync(resource.Key, token => _remote.CreateAsync(
            resource.Key.Kind, request.Body, async inner => Namesakes(wanted, await _remote.ListAsync(resource.Key.Kind, inner)).FirstOrDefault(IsNew(resource.Key)), token), cancellation);
        _names.Add(resource.Key, made.Id);
        var anew = resource with { Fields = [], Known = new ResourceState(made.Id) { Vapi = null, Former = FormerOf(resource) } };
        await KeepAsync(anew, made, All(wanted), request.Incomplete, secrets);
        if (request.Incomplete.Count > 0)
        {
            _unlinked.Add((anew, request.Incomplete));
        }
    }

    public async Task UpdateAsync(PlannedResource resource, CancellationToken cancellation)
    {
        var known = State.Resources.GetValueOrDefault(resource.Key) ?? resource.Known!;
        await SendAsync(resource with { Known = known }, resource.Sent.Select(field => field.Name).ToHashSet(StringComparer.Ordinal), cancellation);
    }

    public Task LinkAsync(PlannedResource resource, CancellationToken cancellation) =>
        SendAsync(resource with { Known = State.Resources[resource.Key] }, _unlinked.First(entry => entry.Resource.Key == resource.Key).Fields, cancellation);

    public async Task DeleteAsync(PlannedResource resource, CancellationToken cancellation)
    {
        await BeginAsync(resource.Key, new PendingStep(Creates: false), cancellation);
        await TryAsync(resource.Key, token => DeletedAsync(resource.Key.Kind, resource.Known!.Id, token), cancellation);
        await WriteAsync(State.Without(resource.Key), CancellationToken.None);
    }

    /// <summary>The old self of a number that is made anew. It stays in the state, as one that Vapi has no more.</summary>
    public async Task DeleteOldNumberAsync(PlannedResource resource, CancellationToken cancellation)
    {
        await BeginAsync(resource.Key, new PendingStep(Creates: false), cancellation);
        await TryAsync(resource.Key, token => DeletedAsync(resource.Key.Kind, resource.Known!.Id, token), cancellation);
    }

    /// <summary>What has earlier selves that may go.</summary>
    public IEnumerable<PlannedResource> WithLeftovers =>
        _plan.Options.AllowDelete ? _plan.Resources.Where(resource => State.Resources.GetValueOrDefault(resource.Key) is { Former.IsEmpty: false }).Reverse() : [];

    /// <summary>Earlier selves, once nothing refers to them any more.</summary>
    public async Task DeleteLeftoversAsync(PlannedResource resource, CancellationToken cancellation)
    {
        var known = State.Resources[resource.Key];
        foreach (var id in known.Former)
        {
            await _remote.DeleteAsync(resource.Key.Kind, id, cancellation);
        }

        await WriteAsync(State.With(resource.Key, known with { Former = known.Former.Clear() }), cancellation);
    }

    private async Task SendAsync(PlannedResource resource, IReadOnlySet<string> fields, CancellationToken cancellation)
    {
        var wanted = resource.Wanted!;
        var request = RequestBodies.OfPatch(wanted, fields, _names, _readEnvironmentVariable);
        var secrets = StateAfter.SecretsOf(fields.Select(field => wanted.Body[field]), _readEnvironmentVariable, _hasher);
        var hashes = _hasher.Fields(wanted.Compared);
        await BeginAsync(resource.Key, new PendingStep(Creates: false) { Files = hashes.RemoveRange(hashes.Keys.Except(fields, StringComparer.Ordinal)) }, cancellation);
        var now = await TryAsync(resource.Key, token => _remote.PatchAsync(resource.Key.Kind, resource.Known!.Id, request.Body, token), cancellation);
        await KeepAsync(resource, now, fields, request.Incomplete, secrets);
    }

    private async Task<RemoteResource> TryAsync(ResourceKey key, Func<CancellationToken, Task<RemoteResource>> act, CancellationToken cancellation)
    {
        try
        {
            return await act(cancellation);
        }
        catch (Exception failure) when (failure is VapiApiException { OutcomeIsUnknown: false } or TwilioApiException { Failure: TwilioFailure.Auth or TwilioFailure.NotFound or TwilioFailure.Rejected })
        {
            // Refused: it was not done, and the next run has nothing to look for.
            await WriteAsync(State with { Pending = State.Pending.Remove(key) }, cancellation);
            throw;
        }
    }

    private async Task<RemoteResource> DeletedAsync(SyncKind kind, string id, CancellationToken cancellation)
    {
        await _remote.DeleteAsync(kind, id, cancellation);
        return new RemoteResource(kind, id, null, new JsonObject());
    }

    // What was done is written down even when somebody has pressed Ctrl-C in the meantime.
    private async Task KeepAsync(
        PlannedResource resource, RemoteResource now, IReadOnlySet<string> sent, IReadOnlySet<string> incomplete, ImmutableSortedDictionary<string, string> secrets)
    {
        var there = _normaliser.Remote(now);
        var after = StateAfter.Of(resource, now.Id, there, sent, incomplete, secrets, _hasher);
        if (resource.Key.Kind == SyncKind.PhoneNumber)
        {
            _saved.Add(resource.Key.Name);
        }
        else if (resource.Key.Kind == SyncKind.NumberRouting && _saved.Contains(resource.Key.Name))
        {
            // Vapi wrote into addresses that no file mentions as well: that was our save.
            after = after with { Vapi = there.Hashes };
        }

        await WriteAsync((State with { Organization = State.Organization ?? now.Organization }).With(resource.Key, after), CancellationToken.None);
    }

    // The save of a number overwrites its addresses: until they are set again, what stands there is our doing.
    private Task BeginAsync(ResourceKey key, PendingStep step, CancellationToken cancellation)
    {
        var next = State.Begin(key, step);
        var routing = new ResourceKey(SyncKind.NumberRouting, key.Name);
        if (key.Kind == SyncKind.PhoneNumber && _plan.Of(PlanAction.Update).Any(resource => resource.Key == routing))
        {
            next = next.Begin(routing, new PendingStep(Creates: false));
        }

        return WriteAsync(next, cancellation);
    }

    private async Task WriteAsync(SyncState state, CancellationToken cancellation)
    {
        State = state;
        await _store.WriteAsync(state, cancellation);
    }

    private Func<RemoteResource, bool> IsNew(ResourceKey key)
    {
        var before = State.Pending[key].Before;
        var claimed = State.Resources.SelectMany(entry => entry.Value.Former.Append(entry.Value.Id).Select(id => (entry.Key.Kind, id))).ToHashSet();
        return other => !before.Contains(other.Id) && !claimed.Contains((other.Kind, other.Id));
    }

    private IEnumerable<RemoteResource> Namesakes(WantedResource wanted, IEnumerable<RemoteResource> others)
    {
        var number = wanted.Key.Kind == SyncKind.PhoneNumber ? wanted.Body.TextAt("number") : null;
        return others.Where(other => !other.IsPlatformDefault && (number is not null ? other.Body.TextAt("number") == number : other.Name == wanted.VapiName)
            && (wanted.VapiName is not null || other.Body.TextAt("type") == wanted.Body.TextAt("type")));
    }

    private ImmutableSortedSet<string> FormerOf(PlannedResource resource)
    {
        var none = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);
        return resource.Known is { } before && resource.Key.Kind is not SyncKind.PhoneNumber ? before.Former.Add(before.Id) : none;
    }

    private static HashSet<string> All(WantedResource wanted) => wanted.Compared.Select(field => field.Key).ToHashSet(StringComparer.Ordinal);
}
