using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ToolBackend.Vapi.Rest;

/// <summary>Puts a <see cref="VapiClient"/> into a host.</summary>
public static class VapiClientRegistration
{
    /// <summary>
    /// One client, configured from <c>Vendors:Vapi</c>. The options are checked when the client is first asked for, not at start: a host may run without a key as long as
    /// nothing needs Vapi.
    /// </summary>
    public static IServiceCollection AddVapiClient(this IServiceCollection services)
    {
        services.AddOptions<VapiClientOptions>().BindConfiguration(VapiClientOptions.SectionName);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new VapiClient(
            provider.GetRequiredService<IOptions<VapiClientOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<ILogger<VapiClient>>()));
        return services;
    }
}
