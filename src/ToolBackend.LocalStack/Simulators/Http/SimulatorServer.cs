using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ToolBackend.LocalStack.Simulators.Http;

/// <summary>A web server on 127.0.0.1 for a simulator: faults and a log of requests in front of its endpoints.</summary>
internal sealed class SimulatorServer : IAsyncDisposable
{
    private static readonly TimeSpan s_stopDeadline = TimeSpan.FromSeconds(1);

    private readonly WebApplication _app;

    private SimulatorServer(WebApplication app) => _app = app;

    /// <summary>Without a slash at the end.</summary>
    public string Url { get; private set; } = string.Empty;

    /// <param name="port">0 for one that the kernel chooses.</param>
    /// <param name="time">Clock of slow answers.</param>
    /// <param name="faults">Applied to everything but the admin endpoints.</param>
    /// <param name="requests">Told of everything but the admin endpoints.</param>
    /// <param name="writeError">Writes an error of a status in the API's own shape.</param>
    /// <param name="map">Adds the endpoints.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<SimulatorServer> StartAsync(
        int port, TimeProvider time, FaultBoard faults, RequestLog requests, Func<HttpContext, int, Task> writeError, Action<WebApplication> map, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = s_stopDeadline);
        builder.Services.ConfigureHttpJsonOptions(options => AdminJson.Configure(options.SerializerOptions));
        // Audio comes 50 times a second and call: each message would be handed over to other threads twice before it is read. Nothing here blocks a thread.
        builder.Services.Configure<SocketTransportOptions>(options => options.UnsafePreferInlineScheduling = true);
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        var gate = new FaultGate(faults, requests, time, writeError, app.Lifetime.ApplicationStopping);
        app.Use(next => context => gate.RunAsync(context, next));
        app.UseRouting();
        map(app);
        var server = new SimulatorServer(app);
        try
        {
            await app.StartAsync(cancellation);
            server.Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            return server;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(s_stopDeadline);
        await _app.StopAsync(deadline.Token);
        await _app.DisposeAsync();
    }
}
