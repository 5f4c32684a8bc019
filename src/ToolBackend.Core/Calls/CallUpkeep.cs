using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using ToolBackend.Core.Calls.Backfill;
using ToolBackend.Core.Calls.Reaping;
using ToolBackend.Core.Calls.Retention;
using ToolBackend.Core.Leadership;

namespace ToolBackend.Core.Calls;

/// <summary>What keeps call state true and short over time: heartbeats, and the leader's jobs.</summary>
public static class CallUpkeep
{
    /// <summary>
    /// For hosts that take in events, after <see cref="CoreServices.AddToolBackendCore"/>. An <see cref="ICallSource"/> that is registered, before or after, is the one that is asked.
    /// </summary>
    public static IServiceCollection AddCallUpkeep(this IServiceCollection services, IConfiguration configuration)
    {
        AddOptions<BackfillOptions>(services, "Calls:Backfill");
        AddOptions<CallReaperOptions>(services, "Calls:Reaper");
        AddOptions<RetentionOptions>(services, "Retention");
        services.TryAddSingleton<ICallSource, NoCallSource>();
        services.AddSingleton<IntakeHeartbeat>();
        services.AddHostedService(s => s.GetRequiredService<IntakeHeartbeat>());

        services.AddSingleton<ExpiredCalls>();
        services.AddSingleton<ExpiredContent>();
        services.AddSingleton<LeaderJob, CallBackfill>();
        services.AddSingleton<LeaderJob, CallReaper>();
        services.AddSingleton<LeaderJob, PartitionUpkeep>();
        services.AddSingleton<LeaderJob, RetentionJob>();
        services.AddSingleton(s => new LeaderLease(
            configuration.GetConnectionString("Postgres")!, s.GetServices<LeaderJob>(), LeaseTimes.Default, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<LeaderLease>>()));
        services.AddHostedService(s => s.GetRequiredService<LeaderLease>());
        return services;
    }

    private static void AddOptions<T>(IServiceCollection services, string section) where T : class =>
        services.AddOptions<T>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();
}
