using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Vapi.Calls;
using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Audio;
using ToolBackend.Voice.CallLog;
using ToolBackend.Voice.Language;
using ToolBackend.Voice.Language.Chain;
using ToolBackend.Voice.Sessions;
using ToolBackend.Voice.Synthesis.Kept;
using ToolBackend.Voice.Turns;
using ToolBackend.Voice.Twilio;

namespace ToolBackend.Voice.Hosting.Warming;

/// <summary>
/// A short call as a caller would have it, through everything that is ours: media socket, turns, provider clients, JSON, pacing, history, call log. The vendors and the telephone are stand-ins
/// (<see cref="RehearsalVendors"/>); nothing is stored, counted or traced, and no seat is taken.
/// </summary>
internal sealed class RehearsedCalls : IAsyncDisposable
{
    private const string CallSid = "CArehearsal";

    /// <summary>Nobody's number.</summary>
    private const string Caller = "+10000000001";

    private static readonly TimeSpan s_frame = TimeSpan.FromMilliseconds(20);

    private readonly IServiceProvider _host;
    private readonly AssistantModel _assistant;
    private readonly TimeProvider _time;
    private readonly CancellationToken _end;
    private ServiceProvider? _providers;
    private RehearsalVendors? _vendors;
    private CallPlanner? _planner;

    private RehearsedCalls(IServiceProvider host, AssistantModel assistant, CancellationToken end)
    {
        (_host, _assistant, _end) = (host, assistant, end);
        _time = host.GetRequiredService<TimeProvider>();
    }

    /// <summary>What a call's first message would be to the store; null until one was rehearsed.</summary>
    public ReportedEvent? Reported { get; private set; }

    /// <param name="assistant">Any; its providers and texts are replaced.</param>
    public static async Task<RehearsedCalls> StartAsync(IServiceProvider host, AssistantModel assistant, CancellationToken end)
    {
        var calls = new RehearsedCalls(host, assistant, end);
        calls._vendors = await RehearsalVendors.StartAsync(calls.ServeAsync, end);
        calls._providers = Providers(calls._vendors.Url, calls._time);
        // Sentences of the stand-in's voice stay out of the host's cache.
        calls._planner = ActivatorUtilities.CreateInstance<CallPlanner>(host, calls._providers.GetRequiredService<CallProviders>(), ActivatorUtilities.CreateInstance<SpeechCache>(host));
        return calls;
    }

    /// <summary>One call, from its first sound to its end.</summary>
    public async Task RunAsync(bool isFlux)
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws{_vendors!.Url[4..]}/line/{(isFlux ? "flux" : "nova")}"), _end);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_end);
        var speaking = SpeakAsync(socket, over.Token);
        var buffer = new byte[16 * 1024];
        while (await socket.ReceiveAsync(buffer.AsMemory(), _end) is var part && part.MessageType is not WebSocketMessageType.Close)
        {
            if (part.EndOfMessage && buffer.AsSpan(0, part.Count).StartsWith("{\"event\":\"mark\""u8))
            {
                await socket.SendAsync(buffer.AsMemory(0, part.Count), WebSocketMessageType.Text, true, _end); // played
            }
        }

        await over.CancelAsync();
        await speaking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        if (_vendors is not null)
        {
            await _vendors.DisposeAsync();
        }

        if (_providers is not null)
        {
            await _providers.DisposeAsync();
        }
    }

    /// <summary>The host's own registrations, with the stand-ins' address for every vendor.</summary>
    private static ServiceProvider Providers(string url, TimeProvider time)
    {
        var settings = ((string[])["Deepgram", "ElevenLabs", "Groq"]).SelectMany(v => (KeyValuePair<string, string?>[])[new($"Vendors:{v}:BaseUrl", url), new($"Vendors:{v}:ApiKey", "rehearsal")]);
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddSingleton(time);
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddLanguageModels();
        services.AddSingleton(p => ActivatorUtilities.CreateInstance<LanguageChains>(p, true));
        services.AddSpeech();
        services.AddSingleton<CallProviders>();
        return services.BuildServiceProvider();
    }

    private async Task SpeakAsync(ClientWebSocket socket, CancellationToken over)
    {
        var payload = Convert.ToBase64String(Enumerable.Repeat((byte)0xFF, MuLaw.Bytes(s_frame)).ToArray());
        var frame = Encoding.ASCII.GetBytes($$"""{"event":"media","sequenceNumber":"1","media":{"track":"inbound","chunk":"1","timestamp":"20","payload":"{{payload}}"},"streamSid":"MZrehearsal"}""");
        using var ticks = new PeriodicTimer(s_frame, _time);
        while (await ticks.WaitForNextTickAsync(over))
        {
            await socket.SendAsync(frame, WebSocketMessageType.Text, true, over);
        }
    }

    private async Task ServeAsync(WebSocket socket, bool isFlux)
    {
        using var line = new MediaSocket(socket, _time) { Writer = new MediaWriter("MZrehearsal") };
        var plan = await _planner!.MakeAsync(new CallRequest(Assistant(isFlux), CallSid, Caller, ""));
        var header = new CallHeader(CallSid, Caller, null, _assistant.Name, _assistant.MaxDuration);
        var reporter = new CallReporter(
            new CallFile(header, true, "rehearsal", "rehearsal") { IsRehearsal = true }, Take, () => { }, _host.GetRequiredService<IOptions<RateOptions>>().Value, _time, NullLogger.Instance);
        await using var session = new CallSession(plan, line, reporter, _time, NullLogger<CallSession>.Instance);
        var calling = session.RunAsync(_end);
        await line.RunAsync(
            (in MediaMessage message) =>
            {
                if (message.Kind is MediaMessageKind.Media)
                {
                    session.Hear(message.Audio);
                }
                else if (message.Kind is MediaMessageKind.Mark)
                {
                    session.Marked(message.Text);
                }

                return true;
            },
            _end);
        session.Happen(new TurnEvent.HungUp("customer-ended-call"));
        await calling;
    }

    private void Take(CallMessage message) => Reported ??= PipelineEvents.Read(message, ContentPolicy.Default)?.ToStore;

    /// <summary>A greeting, an answer, an end.</summary>
    private AssistantModel Assistant(bool isFlux) => _assistant with
    {
        FirstMessage = "Hello.",
        FirstMessageMode = FirstMessageMode.AssistantSpeaksFirst,
        EndCallMessage = "Goodbye.",
        MaxDuration = TimeSpan.FromSeconds(20),
        Messages = [new PromptMessage("system", "It is {{now}}.")],
        Model = new LanguageModel("groq", "rehearsal"),
        Transcriber = new TranscriberModel("deepgram") { Model = isFlux ? "flux-general-en" : "nova-3", Endpointing = TimeSpan.FromMilliseconds(250), EndOfTurnThreshold = 0.7, EndOfTurnTimeout = TimeSpan.FromSeconds(5) },
        Voice = new VoiceModel("11labs", "rehearsal"),
        StartSpeaking = new StartSpeaking { Wait = TimeSpan.Zero, OnPunctuation = TimeSpan.Zero },
        Tools = [new ToolModel("endCall", "endCall", [])],
        Server = null,
        RecordingEnabled = false,
        Fallback = new FallbackSettings { EagerEndOfTurnThreshold = 0.4 },
    };
}
