using Microsoft.Extensions.Options;
using ToolBackend.Api.Operator;
using ToolBackend.Api.Webhooks;
using ToolBackend.Core;
using ToolBackend.Core.Calls;
using ToolBackend.Core.Data.Model;
using ToolBackend.Vapi.Calls;
using ToolBackend.Vapi.Webhooks;

namespace ToolBackend.Api.Hosting;

/// <summary>The host that Vapi talks to: puts the parts together, decides nothing.</summary>
public static class ApiHost
{
    /// <param name="args">Configuration as command-line arguments, over environment variables and files.</param>
    /// <param name="adjust">Last word on logging and services, for tests: another clock, captured log lines.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.ClearProviders().AddJsonConsole(o =>
        {
            o.UseUtcTimestamp = true;
            o.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
        });
        ConfigureServices(builder);
        builder.WebHost.ConfigureKestrel(RequestLimits.Apply);
        adjust?.Invoke(builder);
        var app = builder.Build();
        RefuseOpenDoor(app);

        app.UseMiddleware<RequestTelemetry>();
        app.UseMiddleware<SecurityHeaders>();
        app.UseExceptionHandler();
        // The webhook's refusals have no body, and its answers should not pay for the pages of others.
        app.UseWhen(static c => c.Request.Path.Value is not WebhookEndpoint.Path, static others => others.UseStatusCodePages());
        app.UseMiddleware<AdmissionControl>();
        app.UseRouting();
        app.MapHealth();
        app.MapWebhook();
        app.MapOperatorApi();
        return app;
    }

    private static void ConfigureServices(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddToolBackendCore(builder.Configuration);
        services.AddToolBackendDb();
        services.AddCallUpkeep(builder.Configuration);
        services.AddVapiCallSource();
        services.AddWebhook();
        services.AddOperatorApi();
        services.AddProblemDetails();
        services.AddExceptionHandler<FailureAnswers>();
        services.AddOptions<HostingOptions>().BindConfiguration("Host").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<AdmissionControl.Gate>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<Rehearsal>();
        services.AddHostedService<WarmUp>();
        services.AddSingleton<Microsoft.AspNetCore.Connections.IMemoryPoolFactory<byte>, LargerBlocks>();
        services.AddSingleton<IHostLifetime, ApiLifetime>();
        services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(15));
        services.AddTelemetryExport(builder.Configuration);
    }

    /// <summary>Authentication may be off only where nobody else can knock.</summary>
    private static void RefuseOpenDoor(WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<WebhookAuthenticationOptions>>().Value;
        if (options.OffRefusedFor(BoundAddresses.Of(app.Configuration)) is { } error)
        {
            throw new OptionsValidationException(nameof(WebhookAuthenticationOptions), typeof(WebhookAuthenticationOptions), [error]);
        }
    }
}
