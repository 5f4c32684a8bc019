using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ToolBackend.LocalStack.Simulators.Sockets;

/// <summary>Keeps the stream below a websocket, for frames that .NET's websocket cannot write.</summary>
internal static class UpgradedStream
{
    private static readonly byte[] s_closeWithoutStatus = [0x88, 0];

    /// <summary>Websockets whose stream is kept.</summary>
    public static void UseKeptWebSockets(this WebApplication app)
    {
        app.Use(next => context =>
        {
            if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
            {
                context.Features.Set<IHttpUpgradeFeature>(new Kept(upgrade));
            }

            return next(context);
        });
        app.UseWebSockets();
    }

    /// <summary>.NET would write the status 1005, which must not be on the wire. Nothing may be sent before or after it at the same time.</summary>
    public static async Task CloseWithoutStatusAsync(HttpContext context, CancellationToken cancellation)
    {
        var stream = (context.Features.Get<IHttpUpgradeFeature>() as Kept)?.Stream ?? throw new InvalidOperationException("The connection was not upgraded.");
        await stream.WriteAsync(s_closeWithoutStatus, cancellation);
        await stream.FlushAsync(cancellation);
    }

    private sealed class Kept(IHttpUpgradeFeature upgrade) : IHttpUpgradeFeature
    {
        public bool IsUpgradableRequest => upgrade.IsUpgradableRequest;

        public Stream? Stream { get; private set; }

        public async Task<Stream> UpgradeAsync() => Stream = await upgrade.UpgradeAsync();
    }
}
