using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Twilio;
using ToolBackend.LocalStack.Simulators.Vapi;
using ToolBackend.Vapi.Rest;
using ToolBackend.Vapi.Sync;
using ToolBackend.Vapi.Sync.Applying;
using ToolBackend.Vapi.Sync.Planning;
using ToolBackend.Vapi.Sync.State;
using ToolBackend.Vapi.Sync.World;
using ToolBackend.Vapi.Tests.Definitions;
using ToolBackend.Vapi.Tests.Rest;
using ToolBackend.Vapi.Twilio;

namespace ToolBackend.Vapi.Tests.Sync;

/// <summary>Definitions on disk, a simulated organisation, a simulated Twilio account that the organisation writes into, and the state between them.</summary>
internal sealed class SyncBench : IAsyncDisposable
{
    public const string Line = "+12065550100";

    private readonly VapiClient _client;
    private readonly TwilioClient _numbers;

    private SyncBench(VapiSimulator vapi, TwilioRestSimulator twilio)
    {
        (Vapi, Twilio) = (vapi, twilio);
        _client = VapiOrg.Make(vapi.Url, vapi.ApiKey);
        _numbers = new TwilioClient(new TwilioClientOptions { BaseUrl = twilio.Url, AccountSid = twilio.AccountSid, AuthToken = twilio.AuthToken }, TimeProvider.System);
        Remote = new VapiResources(_client, _numbers);
        Store = new LockFileStore(Folder.Path, Path.Combine(Folder.Path, ".toolbackend"), "dev", "vapi");
        Folder.Environment["TWILIO_AUTH_TOKEN"] = twilio.AuthToken;
        Folder.Environment["VAPI_WEBHOOK_SECRET"] = "webhook-secret-0123456789";
    }

    public DefinitionFolder Folder { get; } = new();

    public VapiSimulator Vapi { get; }

    public TwilioRestSimulator Twilio { get; }

    public IRemoteResources Remote { get; }

    public LockFileStore Store { get; }

    /// <summary>What plans are made with when a test does not say.</summary>
    public PlanOptions Options { get; set; } = new() { ManageCredentials = true };

    public static async Task<SyncBench> StartAsync()
    {
        var twilio = await TwilioRestSimulator.StartAsync(new TwilioRestSimulatorOptions { AccountSid = "AC00000000000000000000000000000000" });
        return new SyncBench(await VapiSimulator.StartAsync(new VapiSimulatorOptions { OnTwilioNumberSaved = twilio.Account.TakeOverByVapi }), twilio);
    }

    public string? Secret(string name) => Folder.Environment.GetValueOrDefault(name);

    public async Task<SyncState> StateAsync() => await Store.ReadAsync(CancellationToken.None) ?? SyncState.New("dev", new Uri(Vapi.Url));

    public Task<RemoteWorld> WorldAsync(IRemoteResources? remote = null) => RemoteReader.ReadAsync(remote ?? Remote, null, CancellationToken.None);

    public async Task<SyncPlan> PlanAsync(PlanOptions? options = null) =>
        Planner.Plan(Folder.LoadLeniently(), await StateAsync(), await WorldAsync(), options ?? Options, Secret);

    public async Task<ApplyReport> ApplyAsync(PlanOptions? options = null, IRemoteResources? remote = null, IStateStore? store = null)
    {
        var world = await WorldAsync();
        var plan = Planner.Plan(Folder.LoadLeniently(), await StateAsync(), world, options ?? Options, Secret);
        return await new Applier(remote ?? Remote, store ?? Store, Secret).ApplyAsync(plan, world, CancellationToken.None);
    }

    /// <summary>Applies, and expects everything to be done.</summary>
    public async Task AppliedAsync(PlanOptions? options = null)
    {
        var report = await ApplyAsync(options);
        report.Failures.Select(failure => $"{failure.Key}: {failure.Error!.Message}").ShouldBeEmpty();
        report.IsComplete.ShouldBeTrue();
    }

    /// <summary>An object of ours as Vapi has it.</summary>
    public async Task<JsonObject> AtVapiAsync(string key)
    {
        ResourceKey.TryParse(key, out var parsed).ShouldBeTrue();
        return Vapi.Resources.Find(parsed.Kind.Word(), (await StateAsync()).Resources[parsed].Id).ShouldNotBeNull();
    }

    /// <summary>Somebody edits an object of ours at the dashboard.</summary>
    public async Task EditAsync(string key, Action<JsonObject> change)
    {
        ResourceKey.TryParse(key, out var parsed).ShouldBeTrue();
        Vapi.Resources.Edit(parsed.Kind.Word(), (await StateAsync()).Resources[parsed].Id, change);
    }

    /// <summary>The plan in short: <c>assistant.desk Update model</c> with the fields that are not only remembered.</summary>
    public static string[] Short(SyncPlan plan) =>
    [
        .. plan.Resources.Where(resource => resource.Action is not (PlanAction.Unchanged or PlanAction.Read)).Select(resource => string.Join(' ', ((string[])[resource.Key.ToString(), resource.Action.ToString()])
            .Concat(resource.Fields.Where(field => field.Verdict != FieldVerdict.Converged).Select(field => field.Verdict == FieldVerdict.Send ? field.Name : $"{field.Name}:{field.Verdict}")))),
    ];

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _numbers.Dispose();
        await Vapi.DisposeAsync();
        await Twilio.DisposeAsync();
        Folder.Dispose();
    }
}
