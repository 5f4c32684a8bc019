using Microsoft.Extensions.Options;
using ToolBackend.Core.Calls.Intake;
using ToolBackend.Core.Calls.Live;
using ToolBackend.Vapi.Calls;

namespace ToolBackend.Voice.CallLog;

/// <summary>Puts the pipeline's call log into a host.</summary>
internal static class CallLogRegistration
{
    /// <summary>Configured from <c>Voice:CallLog</c>, <c>Voice:Rates</c> and <c>Calls:Content</c>, checked at start. Behind the core: what is registered later stops earlier, and the store must outlive this.</summary>
    public static IServiceCollection AddCallLog(this IServiceCollection services)
    {
        services.AddOptions<ContentPolicy>().BindConfiguration("Calls:Content").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<CallLogOptions>().BindConfiguration("Voice:CallLog").ValidateDataAnnotations().Validate(o => o.MaxKept >= o.MaxWaiting, "Voice:CallLog:MaxKept is below MaxWaiting.").ValidateOnStart();
        services.AddOptions<RateOptions>().BindConfiguration("Voice:Rates").Validate(o => o.ArePlausible, "Voice:Rates holds US dollars, 0 to 1000.").ValidateOnStart();
        services.AddSingleton(s => new CallLogWriter(
            s.GetRequiredService<ICallEventStore>(), s.GetRequiredService<LiveFeed>().Tell, s.GetRequiredService<IOptions<ContentPolicy>>(), s.GetRequiredService<IOptions<CallLogOptions>>(),
            s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<CallLogWriter>>()));
        services.AddHostedService(s => s.GetRequiredService<CallLogWriter>());
        services.AddSingleton<CallReporters>();
        return services;
    }
}
