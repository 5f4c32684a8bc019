using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace ToolBackend.Load.Driver;

/// <summary>
/// One HTTP/1.1 connection that sends ready-made bytes and reads answers with a Content-Length: as little of this machine as
/// possible goes into the load itself. One request at a time.
/// </summary>
internal sealed class HttpLane : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _answer = new byte[16 * 1024];

    private HttpLane(Socket socket) => _socket = socket;

    public static async Task<HttpLane> ConnectAsync(int port, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellation);
            return new HttpLane(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends one request and returns its status and body; the body is valid until the next request. Disposing the lane ends the wait.</summary>
    /// <exception cref="SocketException">The connection ended.</exception>
    /// <exception cref="LoadException">The answer is not one that this client reads.</exception>
    public async ValueTask<(int Status, ReadOnlyMemory<byte> Body)> ExchangeAsync(ReadOnlyMemory<byte> request)
    {
        while (!request.IsEmpty)
        {
            request = request[await _socket.SendAsync(request, SocketFlags.None)..];
        }

        var length = 0;
        while (true)
        {
            var read = await _socket.ReceiveAsync(_answer.AsMemory(length), SocketFlags.None);
            if (read == 0)
            {
                throw new LoadException(length == _answer.Length ? "An answer is longer than 16 kB." : "The server closed the connection.");
            }

            length += read;
            if (Parse(_answer.AsSpan(0, length)) is { } head && length >= head.Total)
            {
                return (head.Status, _answer.AsMemory(head.BodyAt, head.Total - head.BodyAt));
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private static (int Status, int BodyAt, int Total)? Parse(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return null;
        }

        var head = answer[..end];
        var field = head.IndexOf("\r\nContent-Length: "u8);
        if (!head.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(head[9..], out int status, out _)
            || field < 0 || !Utf8Parser.TryParse(head[(field + 18)..], out int length, out _))
        {
            throw new LoadException("An answer has no status or no Content-Length.");
        }

        return (status, end + 4, end + 4 + length);
    }
}
