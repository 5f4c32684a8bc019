using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using ToolBackend.Core;
using ToolBackend.Core.Caching;
using ToolBackend.Core.Calls.Privacy;
using ToolBackend.Core.Data.Model;
using ToolBackend.Core.Resilience.Health;
using ToolBackend.Vapi.Webhooks;
using ToolBackend.Voice.CallLog;
using ToolBackend.Voice.FrontDoor;
using ToolBackend.Voice.Hosting.Warming;
using ToolBackend.Voice.Language;
using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Recording;
using ToolBackend.Voice.Sessions;
using ToolBackend.Voice.Synthesis.Kept;
using ToolBackend.Voice.Tools;
using ToolBackend.Voice.Twilio;

namespace ToolBackend.Voice.Hosting;

/// <summary>The host that Twilio talks to: puts the parts together, decides nothing.</summary>
public static class VoiceHost
{
    /// <param name="args">Configuration as command-line arguments, over environment variables and files.</param>
    /// <param name="adjust">Last word on logging and services, for tests.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        RequestLog.Quiet(builder.Configuration);
        builder.Logging.ClearProviders().AddJsonConsole(o =>
        {
            o.UseUtcTimestamp = true;
            o.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
        });
        ConfigureServices(builder);
        adjust?.Invoke(builder);
        var app = builder.Build();
        _ = app.Services.GetRequiredService<Assistants>(); // definitions that cannot be used are found at start
        app.UseMiddleware<RequestLog>();
        app.UseWebSockets();
        app.MapHealth();
        app.MapPost(VoiceWebhook.Path, (HttpContext http, VoiceWebhook webhook) => webhook.HandleAsync(http));
        app.MapPost(ResumeWebhook.Path, (HttpContext http, ResumeWebhook webhook) => webhook.HandleAsync(http));
        app.MapPost(StatusWebhook.Path, (HttpContext http, StatusWebhook webhook) => webhook.HandleAsync(http));
        app.MapPost(AfterStreamWebhook.Path, (HttpContext http, AfterStreamWebhook webhook) => webhook.HandleAsync(http));
        app.MapPost(AfterStreamWebhook.AfterDialPath, (HttpContext http, AfterStreamWebhook webhook) => webhook.HandleDialAsync(http));
        app.MapPost(AfterStreamWebhook.WhisperPath, (HttpContext http, AfterStreamWebhook webhook) => webhook.WhisperAsync(http));
        app.MapGet(CoverSound.Path, (RequestDelegate)CoverSound.HandleAsync);
        app.MapGet(MediaEndpoint.Path, (HttpContext http, MediaEndpoint media) => media.HandleAsync(http));
        return app;
    }

    private static void ConfigureServices(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.WebHost.ConfigureKestrel(kestrel => RequestLimits.Apply(kestrel, kestrel.ApplicationServices.GetRequiredService<IOptions<VoiceOptions>>().Value));
        // Audio comes in 50 messages a second and call; without the first each is handed over to other threads twice before it is read (nothing here blocks a thread), without the
        // second each is announced before it is read. The price is a buffer of 4 kB for each idle socket.
        services.Configure<SocketTransportOptions>(o => (o.UnsafePreferInlineScheduling, o.WaitForDataBeforeAllocatingBuffer) = (true, false));
        services.AddToolBackendCore(builder.Configuration);
        services.AddToolBackendDb();
        services.AddProviderHealth();
        services.AddSingleton<IProviderGate>(s => new HealthGate(
            s.GetRequiredService<HealthBoard>(), new PermanentFaultGate(s.GetRequiredService<IOptions<LanguageOptions>>().Value.ClosedAfterPermanentFault, s.GetRequiredService<TimeProvider>())));
        services.AddLanguageModels();
        services.AddSpeech();
        services.AddHostedService<VendorProbes>();
        services.AddCallLog();
        services.AddOptions<VoiceOptions>().BindConfiguration("Voice").ValidateDataAnnotations()
            .Validate(o => o.StreamKey is null or "" || o.StreamKey.Length >= 32, "Voice:StreamKey must have at least 32 bytes.")
            .Validate(o => PublicUrl.IsUsable(o.PublicUrl), "Voice:PublicUrl must be https (http for loopback only), without a path, query or slash at the end.").ValidateOnStart();
        services.AddOptions<TwilioOptions>().BindConfiguration("Vendors:Twilio")
            .Validate(o => !string.IsNullOrEmpty(o.AuthToken), "Vendors:Twilio:AuthToken is not set: without it no request can be known to be Twilio's.").ValidateOnStart();
        services.AddSingleton<Assistants>();
        services.AddOptions<SpeechCacheOptions>().BindConfiguration("Voice:SpeechCache").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<SpeechCache>();
        services.AddSingleton<SpeechPreparation>();
        services.AddHostedService(s => s.GetRequiredService<SpeechPreparation>());
        services.AddSingleton<CallProviders>();
        services.AddOptions<WebhookAuthenticationOptions>().BindConfiguration(WebhookAuthenticationOptions.SectionName);
        services.AddSingleton<ToolServerClient>();
        services.AddSingleton<TransferDesk>();
        services.AddSingleton<TwilioCalls>();
        services.AddSingleton<CallHandover>();
        services.AddSingleton(s => new LeftCalls(s.GetRequiredService<RedisGate>(), StreamKey.Of(s.GetRequiredService<IOptions<VoiceOptions>>().Value), s.GetRequiredService<TimeProvider>()));
        services.AddOptions<RecordingOptions>().BindConfiguration("Voice:Recording").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<CallRecordings>();
        services.AddSingleton<ForgottenCallReads>();
        services.AddHostedService<RecordingSweep>();
        services.AddSingleton<CallPlanner>();
        services.AddSingleton<CallRegistry>();
        services.AddSingleton<OpenSession>(s => (plan, line) => new CallSession(plan, line, s.GetRequiredService<CallReporters>().For(plan), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<CallSession>>()));
        services.AddSingleton<Readiness>();
        services.AddHostedService<VoiceWarmUp>();
        services.AddSingleton<IHostLifetime, VoiceLifetime>();
        services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(15));
        services.AddSingleton<TwilioGate>();
        services.AddSingleton(s => new StreamTokens(StreamKey.Of(s.GetRequiredService<IOptions<VoiceOptions>>().Value), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<UsedTokens>();
        services.AddSingleton<StreamAnswer>();
        services.AddFrontDoor();
        services.AddSingleton<VoiceWebhook>();
        services.AddSingleton<StatusWebhook>();
        services.AddSingleton<AfterStreamWebhook>();
        services.AddSingleton<MediaEndpoint>();
    }
}
