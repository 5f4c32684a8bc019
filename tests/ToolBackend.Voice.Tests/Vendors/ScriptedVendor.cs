using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ToolBackend.Voice.Tests.Vendors;

/// <summary>A websocket server on loopback whose every word is the test's: for what a vendor says in one situation, and for what no vendor should say.</summary>
internal sealed class ScriptedVendor : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _cut = new();

    private ScriptedVendor(WebApplication app) => _app = app;

    public string Url { get; private set; } = "";

    public ConcurrentQueue<VendorConnection> Connections { get; } = new();

    /// <summary>What a script threw that was neither our side's leaving nor the test's end.</summary>
    public ConcurrentQueue<Exception> Failures { get; } = new();

    /// <param name="serve">Says and hears; the connection is cut without a close frame when it returns.</param>
    /// <param name="refuse">HTTP status for a connection by its number; null accepts.</param>
    public static async Task<ScriptedVendor> StartAsync(Func<VendorConnection, Task> serve, Func<int, int?>? refuse = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.WebHost.ConfigureKestrel(static options => options.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var vendor = new ScriptedVendor(app);
        var count = -1;
        app.UseWebSockets();
        app.Run(async context =>
        {
            var number = Interlocked.Increment(ref count);
            if (refuse?.Invoke(number) is { } status)
            {
                context.Response.StatusCode = status;
                context.Response.Headers.RetryAfter = "3";
                return;
            }

            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var header = context.Request.Headers.Authorization.FirstOrDefault() ?? context.Request.Headers["xi-api-key"].FirstOrDefault();
            var connection = new VendorConnection(number, context.Request.Path, Uri.UnescapeDataString(context.Request.QueryString.Value ?? ""), header, socket, vendor._cut.Token);
            vendor.Connections.Enqueue(connection);
            try
            {
                await serve(connection);
            }
            catch (Exception failure) when (failure is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
            {
                // Our side left, or the test is over.
            }
            catch (Exception failure)
            {
                vendor.Failures.Enqueue(failure);
            }

            if (socket.State is WebSocketState.Open)
            {
                context.Abort();
            }
        });
        await app.StartAsync();
        vendor.Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return vendor;
    }

    public async ValueTask DisposeAsync()
    {
        await _cut.CancelAsync();
        await _app.DisposeAsync();
        Failures.ShouldBeEmpty();
    }
}
