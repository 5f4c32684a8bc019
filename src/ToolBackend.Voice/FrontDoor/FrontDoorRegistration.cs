using ToolBackend.Core.Calls.Intake;
using ToolBackend.Core.Calls.Orders;
using ToolBackend.Core.Calls.Routing;
using ToolBackend.Core.Tools;
using ToolBackend.Vapi.Rest;
using ToolBackend.Voice.FrontDoor.Orders;

namespace ToolBackend.Voice.FrontDoor;

/// <summary>Puts the front door into the host: who takes a new call, and how one goes on that was cut off.</summary>
internal static class FrontDoorRegistration
{
    public static IServiceCollection AddFrontDoor(this IServiceCollection services)
    {
        services.AddOptions<FrontDoorOptions>().BindConfiguration("Voice:FrontDoor").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<VapiClientOptions>().BindConfiguration(VapiClientOptions.SectionName)
            .Validate(o => string.IsNullOrEmpty(o.ApiKey) || o.Validate().Count == 0, "Vendors:Vapi is not valid: see BaseUrl and ApiKey.").ValidateOnStart();
        services.AddSingleton<CallRouteStore>();
        services.AddSingleton<LiveRoutes>();
        services.AddHostedService(s => s.GetRequiredService<LiveRoutes>());
        services.AddSingleton<CallEventReads>();
        services.AddSingleton<LedgerReads>();
        services.AddSingleton<VapiBypass>();
        services.AddSingleton<VapiIds>();
        services.AddHostedService(s => s.GetRequiredService<VapiIds>());
        services.AddHostedService<VapiWatch>();
        services.AddSingleton<VapiFailures>();
        services.AddHostedService<EndedReasonWatch>();
        services.AddSingleton<FirstEventWatch>();
        services.AddHostedService(s => s.GetRequiredService<FirstEventWatch>());
        services.AddSingleton<DecisionBook>();
        services.AddSingleton<FrontDesk>();
        services.AddSingleton<CallBefore>();
        services.AddSingleton<CallOrderStore>();
        services.AddSingleton<VapiOutbound>();
        services.AddSingleton<OutboundCaller>();
        services.AddSingleton<LineControl>();
        services.AddHostedService<OrderDesk>();
        return services.AddSingleton<ResumeWebhook>();
    }
}
