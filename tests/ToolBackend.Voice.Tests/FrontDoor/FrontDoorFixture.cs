using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ToolBackend.Core.Calls;
using ToolBackend.Core.Calls.Intake;
using ToolBackend.Core.Calls.Orders;
using ToolBackend.Core.Resilience.Health;
using ToolBackend.Core.Speech;
using ToolBackend.Core.Tools;
using ToolBackend.LocalStack.Processes;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Vapi;
using ToolBackend.LocalStack.Simulators.Vapi.Bypass;
using ToolBackend.LocalStack.Simulators.Vapi.Calls;
using ToolBackend.Testing;
using ToolBackend.Vapi.Calls;
using ToolBackend.Vapi.Control;
using ToolBackend.Vapi.Messages;
using ToolBackend.Voice.FrontDoor;
using ToolBackend.Voice.Tests.Calls;

namespace ToolBackend.Voice.Tests.FrontDoor;

/// <summary>The Voice host with a Vapi beside it that takes bypass calls. Vapi's webhook goes into the same call log and the same tools, by way of what the API host uses.</summary>
public class FrontDoorFixture(PostgresCluster cluster, RedisServer redis) : VoiceFixture(cluster, redis)
{
    /// <summary>Of the demo data's main line.</summary>
    public const string Line = "+12065550100";

    private readonly string _webhook = $"http://127.0.0.1:{FreePort.Next()}";
    private WebApplication? _intake;

    public VapiSimulator Vapi { get; private set; } = null!;

    /// <summary>How the next bypass calls go.</summary>
    public Func<JsonObject, BypassPlan> Bypass { get; set; } = _ => new BypassPlan();

    public Func<string, string> Twiml { get; set; } = twiml => twiml;

    /// <summary>Without Redis: health belongs to the fixture alone, and a test can begin with a clean one.</summary>
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["ConnectionStrings:Redis"] = null,
        ["Vendors:Vapi:BaseUrl"] = Vapi.Url,
        ["Vendors:Vapi:ApiKey"] = Vapi.ApiKey,
        ["Voice:FrontDoor:ProbeSeconds"] = "3600",
        [$"Voice:FrontDoor:PhoneNumbers:{Line}"] = "5d7c0b52-0000-4000-8000-0000000000b1",
        ["Voice:FrontDoor:Assistants:receptionist"] = "5d7c0b52-0000-4000-8000-0000000000a1",
    };

    public override async ValueTask InitializeAsync()
    {
        Vapi = await VapiSimulator.StartAsync(new VapiSimulatorOptions
        {
            Webhook = new WebhookTarget(new Uri(_webhook)), ConcurrencyLimit = 5000, Bypass = call => Bypass(call), BypassTwiml = twiml => Twiml(twiml),
        });
        await base.InitializeAsync();
        var builder = WebApplication.CreateSlimBuilder([$"--urls={_webhook}"]);
        builder.Logging.ClearProviders();
        _intake = builder.Build();
        _intake.MapPost("/", (Delegate)TakeAsync);
        await _intake.StartAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Vapi.DisposeAsync();
        if (_intake is not null)
        {
            await _intake.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>A Vapi that is well, and known to be.</summary>
    public void MakeWell()
    {
        Vapi.Faults.Clear();
        (Bypass, Twiml) = (_ => new BypassPlan(), twiml => twiml);
        Services.GetRequiredService<HealthBoard>().Watch(new WatchedProvider(FrontDesk.Vapi, HealthRules.Default, Services.GetRequiredService<VapiBypass>().ProbeAsync));
    }

    /// <summary><c>POST /call</c> so far.</summary>
    public int Asked => Vapi.Requests.All.Count(r => r is { Method: "POST", Target: "/call" });

    public BypassRecord? RecordOf(string callSid) => Vapi.BypassCalls.SingleOrDefault(r => r.CallSid == callSid);

    private async Task<IResult> TakeAsync(HttpContext http)
    {
        var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var json = body.ToArray();
        VapiMessageReader.TryRead(json, out var message, out _).ShouldBeTrue();
        if (VapiEventReader.Read(json, message!, TimeProvider.System.GetUtcNow(), new ContentPolicy())?.ToStore is { } stored)
        {
            await Services.GetRequiredService<CallEventStore>().AppendAsync(stored, http.RequestAborted);
        }

        if (message!.Kind is VapiMessageKind.PhoneCallControl)
        {
            var control = new PhoneControl(Services.GetRequiredService<CallOrderStore>(), NullLogger<PhoneControl>.Instance);
            (await control.TakeAsync(message, json, http.RequestAborted)).ShouldBeTrue();
        }

        var results = new JsonArray();
        foreach (var call in message!.ToolCalls)
        {
            var context = new CallContext(message.Call!.Id!, call.Id!, PhoneNumber.Parse(message.CustomerNumber!), PhoneNumber.Parse(Line));
            var answer = await Services.GetRequiredService<ToolRunner>().RunAsync(call.Name!, call.Id!, call.Arguments, context);
            results.Add(new JsonObject { ["toolCallId"] = call.Id, ["result"] = answer.Say });
        }

        return Results.Json(new JsonObject { ["results"] = results });
    }
}
