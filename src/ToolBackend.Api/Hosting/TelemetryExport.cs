using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using ToolBackend.Core.Observability;

namespace ToolBackend.Api.Hosting;

/// <summary>Sends traces and metrics by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; otherwise nothing listens and nothing is paid.</summary>
public static class TelemetryExport
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void AddTelemetryExport(this IServiceCollection services, IConfiguration configuration)
    {
        if (string.IsNullOrWhiteSpace(configuration[EndpointVariable]))
        {
            return;
        }

        services.AddHostedService<Exporter>();
    }

    /// <summary>Owns the SDK: built at start, flushed at stop.</summary>
    private sealed class Exporter : IHostedService, IDisposable
    {
        private OpenTelemetrySdk? _sdk;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            _sdk = OpenTelemetrySdk.Create(otel => otel
                .ConfigureResource(r => r.AddService("toolbackend-api"))
                .WithTracing(t => t.AddSource(Telemetry.SourceName, "Microsoft.AspNetCore", "Npgsql").AddOtlpExporter())
                .WithMetrics(m => m.AddMeter(Telemetry.SourceName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql").AddOtlpExporter()));
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            Dispose();
            return Task.CompletedTask;
        }

        public void Dispose() => Interlocked.Exchange(ref _sdk, null)?.Dispose();
    }
}
