using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Twilio;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Definitions.Writing;
using ToolBackend.Vapi.Pulling;
using ToolBackend.Vapi.Rest;
using ToolBackend.Vapi.Sync;
using ToolBackend.Vapi.Sync.Applying;
using ToolBackend.Vapi.Sync.Planning;
using ToolBackend.Vapi.Sync.State;
using ToolBackend.Vapi.Sync.World;
using ToolBackend.Vapi.Tests.Definitions;
using ToolBackend.Vapi.Tests.Rest;
using ToolBackend.Vapi.Twilio;

namespace ToolBackend.Vapi.Tests.Pulling;

/// <summary>A folder of definitions, simulators of Vapi and Twilio, and the state between them.</summary>
internal sealed class SyncedFolder : IAsyncDisposable
{
    public const string Number = "+12065550100";

    private readonly VapiOrg _org;
    private readonly LockFileStore _store;
    private readonly TwilioClient _twilio;

    private SyncedFolder(VapiOrg org, TwilioRestSimulator twilio)
    {
        (_org, Twilio) = (org, twilio);
        _store = new LockFileStore(Folder.Path, Path.Combine(Folder.Path, ".toolbackend"), "dev", "vapi");
        Vapi = org.Client();
        _twilio = new TwilioClient(new TwilioClientOptions { BaseUrl = twilio.Url, AccountSid = twilio.AccountSid, AuthToken = twilio.AuthToken }, TimeProvider.System);
        Remote = new VapiResources(Vapi, _twilio);
        Folder.Environment["TWILIO_AUTH_TOKEN"] = "the-twilio-token-of-the-account";
        Folder.Environment["VAPI_WEBHOOK_SECRET"] = "the-webhook-secret-of-32-bytes!!";
    }

    public DefinitionFolder Folder { get; } = new();

    public VapiClient Vapi { get; }

    public TwilioRestSimulator Twilio { get; }

    public IRemoteResources Remote { get; }

    public LocalStack.Simulators.Vapi.VapiSimulator Simulator => _org.Simulator;

    /// <param name="definitions">A folder of definitions to start from; null for the small set.</param>
    public static async Task<SyncedFolder> StartAsync(string? definitions = null)
    {
        var synced = new SyncedFolder(await VapiOrg.StartAsync(), await TwilioRestSimulator.StartAsync());
        if (definitions is not null)
        {
            synced.Folder.Replace(definitions);
        }

        return synced;
    }

    public async ValueTask DisposeAsync()
    {
        Vapi.Dispose();
        _twilio.Dispose();
        await _org.DisposeAsync();
        await Twilio.DisposeAsync();
        Folder.Dispose();
    }

    public async Task<SyncState> StateAsync() => await _store.ReadAsync(default) ?? SyncState.New("dev", new Uri(_org.Simulator.Url));

    public Task<RemoteWorld> WorldAsync() => RemoteReader.ReadAsync(Remote, null, default);

    public async Task<SyncPlan> PlanAsync(PlanOptions? options = null) =>
        Planner.Plan(Folder.LoadLeniently(), await StateAsync(), await WorldAsync(), options ?? new PlanOptions { ManageCredentials = true }, Folder.Environment.GetValueOrDefault);

    /// <summary>Makes Vapi and Twilio what the files say.</summary>
    public async Task ApplyAsync() => await ApplyAsync(await PlanAsync());

    public async Task ApplyAsync(SyncPlan plan)
    {
        await using var held = await _store.LockAsync(default);
        var report = await new Applier(Remote, _store, Folder.Environment.GetValueOrDefault).ApplyAsync(plan, await WorldAsync(), default);
        report.IsComplete.ShouldBeTrue(string.Join('\n', report.Failures.Select(failure => failure.Error)));
    }

    public async Task<IReadOnlyList<PulledResource>> PullPlanAsync(PullOptions? options = null)
    {
        var definitions = Folder.LoadLeniently();
        return PullPlanner.Plan(
            definitions, await PlanAsync(), await WorldAsync(), options ?? new PullOptions(), new DefinitionWriter(definitions.Environment, Folder.Environment.GetValueOrDefault), Text);
    }

    /// <summary>Writes what the pull says; returns what it did.</summary>
    public async Task<IReadOnlyList<PulledResource>> PullAsync(PullOptions? options = null)
    {
        var pulled = await PullPlanAsync(options);
        foreach (var resource in pulled.Where(resource => resource.Text is not null))
        {
            Folder[resource.File!] = resource.Text!;
        }

        return pulled;
    }

    public string Text(string file) => File.ReadAllText(Path.Combine(Folder.Path, file));

    /// <summary>Everything in the folder's files.</summary>
    public string AllTexts() => string.Concat(Directory.EnumerateFiles(Folder.Path, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)).Select(File.ReadAllText));

    public async Task<JsonObject> RemoteAsync(string kindAndName)
    {
        ResourceKey.TryParse(kindAndName, out var key).ShouldBeTrue(kindAndName);
        return (await WorldAsync()).Find(key.Kind, (await StateAsync()).Resources[key].Id).ShouldNotBeNull().Body;
    }

    /// <summary>What somebody does in Vapi's dashboard.</summary>
    public async Task DashboardAsync(string kindAndName, JsonObject change)
    {
        ResourceKey.TryParse(kindAndName, out var key).ShouldBeTrue(kindAndName);
        await Vapi.PatchAsync($"{key.Kind.Word()}/{(await StateAsync()).Resources[key].Id}", change);
    }

    public ResourceDefinition Definition(ResourceKind kind, string name) => Folder.LoadLeniently().Find(kind, name).ShouldNotBeNull();
}
