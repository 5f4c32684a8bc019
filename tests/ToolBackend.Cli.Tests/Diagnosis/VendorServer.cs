using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ToolBackend.Cli.Tests.Diagnosis;

/// <summary>One address that stands for every vendor: it accepts one header on one path, and answers everything else 401; or whatever it is told.</summary>
internal sealed class VendorServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private VendorServer(WebApplication app) => _app = app;

    public string Url { get; private set; } = "";

    /// <summary>Path and query, and the header, that are accepted.</summary>
    public (string Target, string Header, string Value) Accepts { get; set; }

    /// <summary>Answers this instead, to everybody.</summary>
    public Func<HttpContext, Task>? Instead { get; set; }

    public static async Task<VendorServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new VendorServer(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        server.Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        if (Instead is not null)
        {
            return Instead(context);
        }

        var (target, header, value) = Accepts;
        var isAccepted = context.Request.Path + context.Request.QueryString.Value == target && context.Request.Headers[header] == value;
        context.Response.StatusCode = isAccepted ? 200 : 401;
        return context.Response.WriteAsJsonAsync(new { isAccepted });
    }
}
