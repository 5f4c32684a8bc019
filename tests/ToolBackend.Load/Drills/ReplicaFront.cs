using System.Net;
using System.Net.Sockets;

namespace ToolBackend.Load.Drills;

/// <summary>What a load balancer is to Twilio: one address, behind it replicas of the Voice host. A connection goes to the first replica that takes it.</summary>
internal sealed class ReplicaFront : IAsyncDisposable
{
    /// <summary>Answers to requests for this address are lost on the way: the replica has done the work, and the client asks again elsewhere.</summary>
    public const string LosesAnswer = "/twilio/voice?answer=lost";

    private static readonly byte[] s_losesAnswer = System.Text.Encoding.ASCII.GetBytes($"POST {LosesAnswer} ");
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;
    private volatile int[] _ports = [];

    public ReplicaFront()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Ports of the replicas, in the order in which they are asked.</summary>
    public void Serve(params int[] ports) => _ports = ports;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections).WaitAsync(s_patience);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                _connections.RemoveAll(c => c.IsCompleted);
                _connections.Add(ServeAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The drill is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var near = client;
        try
        {
            using var far = await ConnectAsync();
            near.NoDelay = far.NoDelay = true;
            var first = new byte[4096];
            var length = await near.GetStream().ReadAsync(first, _end.Token);
            await far.GetStream().WriteAsync(first.AsMemory(0, length), _end.Token);
            var answers = first.AsSpan(0, length).StartsWith(s_losesAnswer) ? SwallowAsync(far.GetStream()) : far.GetStream().CopyToAsync(near.GetStream(), _end.Token);
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream(), _end.Token), answers);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
            // One side has gone, and with it the connection.
        }
    }

    private async Task<TcpClient> ConnectAsync()
    {
        foreach (var port in _ports)
        {
            var far = new TcpClient();
            try
            {
                await far.ConnectAsync(IPAddress.Loopback, port, _end.Token);
                return far;
            }
            catch (SocketException)
            {
                far.Dispose(); // this replica is gone; the next one
            }
        }

        throw new IOException("No replica takes the connection.");
    }

    /// <summary>Waits for the first bytes of an answer and keeps them.</summary>
    private async Task SwallowAsync(NetworkStream answers) => _ = await answers.ReadAsync(new byte[4096], _end.Token);
}
