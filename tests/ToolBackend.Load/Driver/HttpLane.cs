using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace ToolBackend.Load.Driver;

/// <summary>
/// One HTTP/1.1 connection that sends ready-made bytes and reads answers, with a Content-Length or chunked: as little of this machine as
/// possible goes into the load itself. One request at a time.
/// </summary>
internal sealed class HttpLane : IDisposable
{
    private const int MaxAnswer = 1 << 20;

    private readonly Socket _socket;
    private byte[] _answer = new byte[16 * 1024];

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

    /// <summary>
    /// Sends one request and returns its status and body, a chunked one with its chunks' heads; the body is valid until the next request. Disposing the lane ends the wait.
    /// </summary>
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
                throw new LoadException("The server closed the connection.");
            }

            length += read;
            if (length == _answer.Length)
            {
                Array.Resize(ref _answer, length < MaxAnswer ? length * 2 : throw new LoadException($"An answer is longer than {MaxAnswer} bytes."));
            }

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
        if (!head.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(head[9..], out int status, out _))
        {
            throw new LoadException("An answer has no status.");
        }

        if (head.IndexOf("\r\nTransfer-Encoding: chunked"u8) >= 0)
        {
            // Nothing is sent before the answer ends, so its end is the end of what there is.
            return answer.EndsWith("\r\n0\r\n\r\n"u8) ? (status, end + 4, answer.Length) : null;
        }

        var field = head.IndexOf("\r\nContent-Length: "u8);
        return field >= 0 && Utf8Parser.TryParse(head[(field + 18)..], out int length, out _)
            ? (status, end + 4, end + 4 + length)
            : throw new LoadException("An answer has no length.");
    }
}
