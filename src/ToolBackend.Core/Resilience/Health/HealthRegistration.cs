using Microsoft.Extensions.DependencyInjection;

namespace ToolBackend.Core.Resilience.Health;

/// <summary>For hosts that send calls to providers. Needs the core's services.</summary>
public static class HealthRegistration
{
    public static IServiceCollection AddProviderHealth(this IServiceCollection services)
    {
        services.AddSingleton<SharedHealth>();
        services.AddSingleton<HealthBoard>();
        return services.AddHostedService(s => s.GetRequiredService<HealthBoard>());
    }
}
