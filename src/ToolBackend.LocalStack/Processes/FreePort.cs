using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ToolBackend.LocalStack.Processes;

/// <summary>Loopback ports that the kernel chose, and whether one is taken.</summary>
public static class FreePort
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(25);

    // Bound and never listening: the kernel gives their ports to nobody who asks for any port, nor to outgoing connections,
    // while a server that names the port may take it (sockets here, in Redis and in Postgres have SO_REUSEADDR).
    private static readonly ConcurrentBag<Socket> s_held = [];

    /// <summary>A port that nobody is given by chance before a server of this process, or of a child, listens on it. Held until this process ends.</summary>
    public static int Next()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        s_held.Add(socket);
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Returns when somebody listens there.</summary>
    /// <param name="end">Of the program that should; there is no waiting for one that has ended.</param>
    /// <exception cref="TimeoutException">Nobody does, within the deadline or at the program's end.</exception>
    public static async Task WaitUntilTakenAsync(int port, Task end, TimeSpan deadline, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!end.IsCompleted && TimeProvider.System.GetElapsedTime(started) < deadline)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(s_look, cancellation); // not yet
            }
        }

        throw new TimeoutException($"Nobody listens on port {port}.");
    }
}
