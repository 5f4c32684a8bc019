using System.Text.Json.Nodes;
using Npgsql;
using ToolBackend.Load.Children;
using ToolBackend.Load.Voice;
using ToolBackend.LocalStack.Faults;
using ToolBackend.LocalStack.Simulators.AssemblyAi;
using ToolBackend.LocalStack.Simulators.Deepgram;
using ToolBackend.LocalStack.Simulators.ElevenLabs;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.LocalStack.Simulators.Twilio;
using ToolBackend.LocalStack.Simulators.Twilio.Phone;
using ToolBackend.LocalStack.Simulators.Vapi;
using ToolBackend.LocalStack.Simulators.Vapi.Bypass;
using ToolBackend.LocalStack.Simulators.Vapi.Calls;

namespace ToolBackend.Load.Drills;

/// <summary>Everything that a drill breaks: the Api, two replicas of Voice behind one address, all vendors, and Postgres and Redis behind proxies that fail on command. A stage serves one drill.</summary>
internal sealed class DrillStage : IAsyncDisposable
{
    /// <summary>Of the demo data: Vapi answers it while it is well.</summary>
    private const string VapiLine = "+12065550100";

    /// <summary>Vapi does not know it.</summary>
    private const string OwnLine = "+12065550199";

    private const string AuthToken = VoiceHostUnderTest.AuthToken;

    /// <summary>What an earlier drill knew of a provider's health is not this one's.</summary>
    private readonly string _prefix = "drill-" + Guid.NewGuid().ToString("N")[..8];

    private readonly List<ServerProcess> _replicas = [];
    private ServerProcess? _api;
    private Drill _drill = null!;
    private int _bypassed = -1;

    private DrillStage()
    {
    }

    public VapiSimulator Vapi { get; private set; } = null!;

    public DeepgramSimulator Deepgram { get; private set; } = null!;

    public AssemblyAiSimulator AssemblyAi { get; private set; } = null!;

    public LanguageSimulator Language { get; private set; } = null!;

    public ElevenLabsSimulator ElevenLabs { get; private set; } = null!;

    public TwilioRestSimulator Twilio { get; private set; } = null!;

    public FaultyProxy Postgres { get; private set; } = null!;

    public FaultyProxy Redis { get; private set; } = null!;

    public ReplicaFront Front { get; } = new();

    public int Callers { get; private set; }

    /// <summary>Requests for a call that Vapi got.</summary>
    public int AskedOfVapi => Vapi.Requests.All.Count(r => r is { Method: "POST", Target: "/call" });

    /// <param name="core">What the hosts share, as environment: data stores and secrets. The database is migrated and has the demo data.</param>
    /// <param name="webhookSecret">Of the Api's webhook.</param>
    public static async Task<DrillStage> StartAsync(Drill drill, int callers, IReadOnlyDictionary<string, string?> core, string webhookSecret, CancellationToken cancellation)
    {
        var stage = new DrillStage { _drill = drill, Callers = callers };
        try
        {
            await stage.StartVendorsAsync(cancellation);
            var own = stage.Proxied(core);
            stage._api = await ServerProcess.StartAsync(ApiServer.Verb, "/readyz", core, Repository.Local("logs", "drill-api.log"), cancellation);
            stage.Vapi = await VapiSimulator.StartAsync(new VapiSimulatorOptions
            {
                Webhook = new WebhookTarget(new Uri($"http://127.0.0.1:{stage._api.Port}/vapi/webhook")) { Credential = WebhookCredential.VapiSecret(webhookSecret) },
                ConcurrencyLimit = 100,
                Bypass = stage.NextBypass,
            }, cancellation);
            var replicas = await Task.WhenAll(Enumerable.Range(1, 2).Select(n => stage.StartVoiceAsync(own, n, cancellation)));
            stage._replicas.AddRange(replicas);
            stage.Front.Serve([.. replicas.Select(r => r.Port)]);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <param name="caller">From 0: each has a number of their own.</param>
    public PhoneOptions Phone(int caller) => new()
    {
        VoiceUrl = Front.Url + _drill.VoicePath, FallbackUrl = Front.Url + "/twilio/voice", StatusCallback = Front.Url + "/twilio/status", AuthToken = AuthToken, Account = Twilio.Account,
        From = $"+1206555{1000 + caller:0000}", To = _drill.ThroughVapi ? VapiLine : OwnLine,
    };

    public Task KillFirstReplicaAsync() => _replicas[0].KillAsync();

    public async ValueTask DisposeAsync()
    {
        await Front.DisposeAsync();
        foreach (var server in _replicas.Append(_api).OfType<ServerProcess>())
        {
            await server.KillAsync(); // nobody is on the line any more; an orderly drain would be waited for
            await server.DisposeAsync();
        }

        foreach (var simulator in (IAsyncDisposable?[])[Vapi, Deepgram, AssemblyAi, Language, ElevenLabs, Twilio, Postgres, Redis])
        {
            await (simulator?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private async Task StartVendorsAsync(CancellationToken cancellation)
    {
        Deepgram = await DeepgramSimulator.StartAsync(cancellation: cancellation);
        AssemblyAi = await AssemblyAiSimulator.StartAsync(cancellation: cancellation);
        Language = await LanguageSimulator.StartAsync(new LanguageSimulatorOptions { Answers = DrillCaller.Answer }, cancellation);
        ElevenLabs = await ElevenLabsSimulator.StartAsync(cancellation: cancellation);
        Twilio = await TwilioRestSimulator.StartAsync(new TwilioRestSimulatorOptions { AuthToken = AuthToken }, cancellation);
    }

    /// <summary>The same stores by way of proxies.</summary>
    private Dictionary<string, string?> Proxied(IReadOnlyDictionary<string, string?> core)
    {
        var postgres = new NpgsqlConnectionStringBuilder(core["ConnectionStrings__Postgres"]);
        Postgres = FaultyProxy.Start(postgres.Port);
        Redis = FaultyProxy.Start(int.Parse(core["ConnectionStrings__Redis"]!.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture));
        (postgres.Host, postgres.Port) = ("127.0.0.1", Postgres.Port);
        return new Dictionary<string, string?>(core, StringComparer.Ordinal) { ["ConnectionStrings__Postgres"] = postgres.ConnectionString, ["ConnectionStrings__Redis"] = Redis.Endpoint };
    }

    private Task<ServerProcess> StartVoiceAsync(Dictionary<string, string?> core, int number, CancellationToken cancellation)
    {
        var environment = new Dictionary<string, string?>(core, StringComparer.Ordinal)
        {
            ["Redis__KeyPrefix"] = _prefix,
            ["Voice__PublicUrl"] = Front.Url,
            ["Voice__Definitions"] = Path.Combine(Repository.Root, "vapi"),
            ["Voice__Environment"] = "dev",
            ["Voice__DefaultAssistant"] = "receptionist",
            ["Vendors__Twilio__AuthToken"] = AuthToken,
            ["Vendors__Twilio__AccountSid"] = Twilio.AccountSid,
            ["Vendors__Twilio__BaseUrl"] = Twilio.Url,
            ["Vendors__Vapi__BaseUrl"] = Vapi.Url,
            ["Vendors__Vapi__ApiKey"] = Vapi.ApiKey,
            ["Vendors__Deepgram__BaseUrl"] = Deepgram.Url,
            ["Vendors__Deepgram__ApiKey"] = Deepgram.ApiKey,
            ["Vendors__AssemblyAi__BaseUrl"] = AssemblyAi.Url,
            ["Vendors__AssemblyAi__ApiKey"] = AssemblyAi.ApiKey,
            ["Vendors__ElevenLabs__BaseUrl"] = ElevenLabs.Url,
            ["Vendors__ElevenLabs__ApiKey"] = ElevenLabs.ApiKey,
        };
        foreach (var vendor in (string[])["Groq", "Together", "Fireworks"])
        {
            environment[$"Vendors__{vendor}__BaseUrl"] = Language.Url;
            environment[$"Vendors__{vendor}__ApiKey"] = Language.ApiKey;
        }

        return VoiceServer.StartAsync(
            environment, Repository.Local("logs", $"drill-voice-{number}.log"), cancellation, null,
            $"--Voice:FrontDoor:PhoneNumbers:{VapiLine}=5d7c0b52-0000-4000-8000-0000000000b1", "--Voice:FrontDoor:Assistants:receptionist=5d7c0b52-0000-4000-8000-0000000000a1");
    }

    private BypassPlan NextBypass(JsonObject call) => _drill.Bypass(Interlocked.Increment(ref _bypassed)) with { Reply = heard => new BypassReply(DrillCaller.Reply(heard, knows: true)) };
}
