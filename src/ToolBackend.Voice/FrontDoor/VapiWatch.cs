using Microsoft.Extensions.Options;
using ToolBackend.Core.Resilience.Health;
using ToolBackend.Vapi.Rest;

namespace ToolBackend.Voice.FrontDoor;

/// <summary>Puts Vapi on the <see cref="HealthBoard"/> and asks its API now and then while it is healthy: an outage at night is known before the first call of the morning. While it is down the board probes.</summary>
internal sealed class VapiWatch(HealthBoard health, VapiBypass vapi, IOptions<VapiClientOptions> client, IOptions<FrontDoorOptions> options, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!vapi.IsConfigured)
        {
            return;
        }

        var fingerprint = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{client.Value.BaseUrl} {client.Value.ApiKey}")))[..12];
        health.Watch(new WatchedProvider(FrontDesk.Vapi, HealthRules.Default with { Budget = TimeSpan.FromMilliseconds(options.Value.WallMilliseconds / 2.5) }, vapi.ProbeAsync, fingerprint));
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.ProbeSeconds), time);
        while (await pace.WaitForNextTickAsync(stoppingToken))
        {
            if (health.Standings.FirstOrDefault(s => s.Provider == FrontDesk.Vapi) is { State.Serves: true } && await vapi.ProbeAsync(stoppingToken) is { } cause)
            {
                health.Report(FrontDesk.Vapi, new HealthEvent.ProbeFailed(cause));
            }
        }
    }
}
