using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ToolBackend.LocalStack.Faults;

/// <summary>
/// A TCP proxy on a loopback port in front of any server, which fails on command. Tests put it between the product and
/// Postgres, Redis or a vendor. Tests: FaultyProxyTests.
/// </summary>
public sealed class FaultyProxy : IAsyncDisposable
{
    private const int MostConnections = 1000;

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<ProxyConnection, Task> _connections = new();
    private readonly EndPoint _target;
    private readonly TimeProvider _time;
    private Socket _listener;
    private Task _accepting = Task.CompletedTask;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ProxyFaults _faults = ProxyFaults.Healthy;
    private int _accepted;
    private bool _disposed;

    private FaultyProxy(EndPoint target, TimeProvider time)
    {
        _target = target;
        _time = time;
        _listener = Bind(0);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        Listen_NeedsLock();
    }

    public int Port { get; }

    /// <summary><c>127.0.0.1:PORT</c>.</summary>
    public string Endpoint => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    public ProxyFaults Faults => _faults;

    /// <summary>How many connections were accepted so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>How many connections are open now.</summary>
    public int Open => _connections.Count;

    public static FaultyProxy Start(EndPoint target, TimeProvider? time = null) => new(target, time ?? TimeProvider.System);

    /// <summary>In front of a server on this machine.</summary>
    public static FaultyProxy Start(int targetPort, TimeProvider? time = null) => Start(new IPEndPoint(IPAddress.Loopback, targetPort), time);

    /// <summary>Changes the plan for present and new connections.</summary>
    public void Apply(ProxyFaults faults)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var (wasRefusing, refuses) = (_faults.Mode == ProxyMode.Refuse, faults.Mode == ProxyMode.Refuse);
            _faults = faults;
            if (refuses && !wasRefusing)
            {
                // A socket that is bound but does not listen keeps the port ours while the kernel refuses.
                _listener.Dispose();
                _listener = Bind(Port);
            }
            else if (wasRefusing && !refuses)
            {
                Listen_NeedsLock();
            }

            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
        if (faults.Mode is ProxyMode.Refuse or ProxyMode.Reset)
        {
            ResetConnections();
        }
    }

    /// <summary>Back to forwarding everything.</summary>
    public void Heal() => Apply(ProxyFaults.Healthy);

    /// <summary>Resets the connections that are open now; new ones are served.</summary>
    public void ResetConnections()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Reset();
        }
    }

    /// <summary>Ends the answering half of the connections that are open now; what clients send is still forwarded.</summary>
    public void HalfClose()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.HalfClose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _listener.Dispose();
        }

        await _accepting;
        var running = _connections.Values.ToArray();
        ResetConnections();
        await Task.WhenAll(running).WaitAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>Waits until the proxy is no black hole, or the connection is given up.</summary>
    internal async Task WaitWhileBlackHoleAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_faults.Mode != ProxyMode.BlackHole)
                {
                    return;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellation);
        }
    }

    private static Socket Bind(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    private void Listen_NeedsLock()
    {
        _listener.Listen(512);
        var (listener, before) = (_listener, _accepting);
        _accepting = AcceptAsync(listener, before);
    }

    private async Task AcceptAsync(Socket listener, Task before)
    {
        await before;
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptAsync();
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // The listener was closed: refusing or disposed.
                return;
            }

            Interlocked.Increment(ref _accepted);
            var connection = new ProxyConnection(this, client, _target, _time);
            if (_connections.Count >= MostConnections || _faults.Mode is ProxyMode.Reset or ProxyMode.Refuse)
            {
                connection.Reset();
                continue;
            }

            var finished = connection.RunAsync();
            _connections[connection] = finished;
            _ = finished.ContinueWith(_ => _connections.TryRemove(connection, out Task? _), TaskScheduler.Default);
        }
    }
}
