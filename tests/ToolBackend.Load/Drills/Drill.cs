using ToolBackend.LocalStack.Faults;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.LocalStack.Simulators.Language.Faults;
using ToolBackend.LocalStack.Simulators.Sockets;
using ToolBackend.LocalStack.Simulators.Vapi.Bypass;

namespace ToolBackend.Load.Drills;

/// <summary>Something that breaks while people are on the telephone.</summary>
/// <param name="Name">As in <c>./dev drill NAME</c>.</param>
/// <param name="What">What breaks, for the reader of the report.</param>
internal sealed record Drill(string Name, string What)
{
    private static readonly BypassDeath[] s_deaths = [BypassDeath.Silent, BypassDeath.ToldLater, BypassDeath.ToldBefore, BypassDeath.Closed];

    /// <summary>Default 6.</summary>
    public int Callers { get; init; } = 6;

    /// <summary>The line is one that Vapi answers while it is well; else our pipeline answers.</summary>
    public bool ThroughVapi { get; init; }

    /// <summary>What is asked first when somebody calls.</summary>
    public string VoicePath { get; init; } = "/twilio/voice";

    /// <summary>Every call's stream breaks when <see cref="During"/> is done.</summary>
    public bool BreaksStreams { get; init; }

    /// <summary>How Vapi's calls go, by their number.</summary>
    public Func<int, BypassPlan> Bypass { get; init; } = _ => new BypassPlan();

    /// <summary>Before anybody calls.</summary>
    public Action<DrillStage> Before { get; init; } = _ => { };

    /// <summary>Once everybody has begun to talk.</summary>
    public Func<DrillStage, Task> During { get; init; } = _ => Task.CompletedTask;

    /// <summary>What else must hold when all calls are over; a complaint, or null.</summary>
    public Func<DrillStage, string?> Check { get; init; } = _ => null;

    public static IReadOnlyList<Drill> All { get; } =
    [
        new("vapi-down", "Vapi answers 500 to every new call")
        {
            ThroughVapi = true,
            Before = stage => stage.Vapi.Faults.Add(new SimulatorFault(SimulatorFaultKind.Status) { Status = 500, Path = "/call", Method = "POST" }),
            Check = stage => stage.Vapi.BypassCalls.Count > 0 ? "Vapi talked although it was down" : null,
        },
        new("vapi-dies-mid-call", "Vapi loses each call in the middle, some without a word")
        {
            ThroughVapi = true,
            Bypass = n => new BypassPlan { Death = s_deaths[n % s_deaths.Length], DiesAfter = TimeSpan.FromSeconds(7 + (0.3 * n)) },
        },
        new("workers-failing", "Vapi takes every call, and its workers die at the first sentence or never come")
        {
            ThroughVapi = true,
            Bypass = n => new BypassPlan { Death = n % 2 == 0 ? BypassDeath.NeverConnects : BypassDeath.ToldBefore, DiesAfter = TimeSpan.FromSeconds(2) },
        },
        new("twilio-retry", "our answer to each call is lost on the way, and Twilio asks again")
        {
            ThroughVapi = true,
            VoicePath = ReplicaFront.LosesAnswer,
            Check = stage => stage.Vapi.BypassCalls.Count == stage.Callers && stage.AskedOfVapi <= 2 * stage.Callers // a late first request has a rival
                ? null
                : $"Vapi was asked {stage.AskedOfVapi} times and talked on {stage.Vapi.BypassCalls.Count} calls of {stage.Callers} callers",
        },
        new("deepgram-down", "Deepgram drops every open stream and refuses new ones")
        {
            During = stage =>
            {
                foreach (var path in (string[])["/v1/listen", "/v2/listen"])
                {
                    stage.Deepgram.Faults.Add(new SimulatorFault(SimulatorFaultKind.Status) { Status = 503, Path = path });
                    stage.Deepgram.SocketFaults.Add(new SocketFault(SocketFaultKind.Close) { Path = path, Open = true, Times = 0 });
                }

                return Task.CompletedTask;
            },
        },
        new("groq-slow", "Groq takes every request and says nothing for eight seconds")
        {
            During = stage =>
            {
                stage.Language.StreamFaults.Add(new StreamFault(StreamFaultKind.SlowFirstToken) { Delay = TimeSpan.FromSeconds(8), Vendor = SimulatedVendor.Groq });
                return Task.CompletedTask;
            },
        },
        new("elevenlabs-cut", "ElevenLabs breaks off in the middle of a word and refuses to come back")
        {
            During = stage =>
            {
                stage.ElevenLabs.Faults.Add(new SimulatorFault(SimulatorFaultKind.Status) { Status = 503, Path = "/v1/text-to-speech" });
                stage.ElevenLabs.SocketFaults.Add(new SocketFault(SocketFaultKind.Reset) { Open = true, Times = 0, After = TimeSpan.FromSeconds(0.5) });
                return Task.CompletedTask;
            },
        },
        new("redis-down", "Redis is gone")
        {
            During = stage =>
            {
                stage.Redis.Apply(new ProxyFaults { Mode = ProxyMode.Refuse });
                return Task.CompletedTask;
            },
        },
        new("postgres-down", "Postgres is gone")
        {
            During = stage =>
            {
                stage.Postgres.Apply(new ProxyFaults { Mode = ProxyMode.Refuse });
                return Task.CompletedTask;
            },
        },
        new("replica-killed", "the replica that has every call is killed, kill -9")
        {
            Callers = 20,
            BreaksStreams = true,
            During = stage => stage.KillFirstReplicaAsync(),
        },
    ];
}
