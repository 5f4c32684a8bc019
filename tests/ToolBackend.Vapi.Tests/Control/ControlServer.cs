using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ToolBackend.Vapi.Tests.Control;

/// <summary>Something that listens on this machine, counts who connects, and answers as a test says.</summary>
internal sealed class ControlServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _connections;

    private ControlServer(WebApplication app) => _app = app;

    public int Port { get; private set; }

    public string Url => $"http://127.0.0.1:{Port}/abc/control";

    /// <summary>TCP connections that were accepted.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public List<(string Body, IHeaderDictionary Headers)> Requests { get; } = [];

    public static async Task<ControlServer> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        ControlServer? server = null;
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, listen => listen.Use(next => connection =>
        {
            Interlocked.Increment(ref server!._connections);
            return next(connection);
        })));
        var app = builder.Build();
        server = new ControlServer(app);
        app.Run(async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            server.Requests.Add((await reader.ReadToEndAsync(http.RequestAborted), new HeaderDictionary(http.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase)))); // the server's own is used again for the next request
            await answer(http);
        });
        await app.StartAsync();
        server.Port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
