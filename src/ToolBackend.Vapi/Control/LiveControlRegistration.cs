using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ToolBackend.Vapi.Control;

/// <summary>Puts a <see cref="LiveControl"/> into a host.</summary>
public static class LiveControlRegistration
{
    /// <summary>Configured from <c>Vapi:Control</c>, checked at start. A <see cref="ResolveHost"/> that is registered takes the place of the machine's resolver.</summary>
    public static IServiceCollection AddLiveControl(this IServiceCollection services)
    {
        services.AddOptions<LiveControlOptions>().BindConfiguration(LiveControlOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<LiveControlOptions>, ControlHostsAreNames>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(s => new LiveControl(s.GetRequiredService<IOptions<LiveControlOptions>>(), s.GetRequiredService<TimeProvider>(), s.GetService<ResolveHost>()));
        return services;
    }
}
