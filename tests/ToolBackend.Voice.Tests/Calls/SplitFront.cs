using System.Net;
using System.Net.Sockets;

namespace ToolBackend.Voice.Tests.Calls;

/// <summary>A load balancer of the unkind sort: webhooks go to one server, media sockets to another. Looks at a connection's first bytes and passes everything on.</summary>
internal sealed class SplitFront : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;
    private readonly Func<bool, int> _target;

    /// <param name="target">The port for a connection, told whether it begins a media socket.</param>
    public SplitFront(int port, Func<bool, int> target)
    {
        _target = target;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        try
        {
            var first = new byte[4096];
            var length = await near.GetStream().ReadAsync(first, _end.Token);
            await far.ConnectAsync(IPAddress.Loopback, _target(first.AsSpan(0, length).StartsWith("GET /twilio/media"u8)), _end.Token);
            near.NoDelay = far.NoDelay = true;
            await far.GetStream().WriteAsync(first.AsMemory(0, length), _end.Token);
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream(), _end.Token), far.GetStream().CopyToAsync(near.GetStream(), _end.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
            // One side has gone, and with it the connection.
        }
    }
}
