using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ToolBackend.Api.Tests.Hosting;

/// <summary>What came back over a socket: the status, 0 when the server closed without an answer, and everything that was read.</summary>
internal sealed record RawAnswer(int Status, string Text);

/// <summary>HTTP by hand over the real socket, for requests that a well-behaved client refuses to send.</summary>
internal sealed class RawHttp : IAsyncDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(20);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CancellationTokenSource _limit = new(s_deadline);

    public static async Task<RawHttp> ConnectAsync(Uri address)
    {
        var raw = new RawHttp();
        await raw._socket.ConnectAsync(IPAddress.Parse(address.Host), address.Port, raw._limit.Token);
        return raw;
    }

    /// <summary>The head of a webhook request with the right secret; more header lines end in CR LF.</summary>
    public static string WebhookHead(string headers) =>
        $"POST /vapi/webhook HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nX-Vapi-Secret: {ApiNode.WebhookSecret}\r\n{headers}\r\n";

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>False when the server has closed or reset the connection.</summary>
    public async Task<bool> TrySendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0)
            {
                bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None, _limit.Token)..];
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Reads up to the end of the head.</summary>
    public async Task<RawAnswer> ReadHeadAsync()
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!text.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await ReceiveAsync(buffer);
            if (read == 0)
            {
                break;
            }

            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        var head = text.ToString();
        return new RawAnswer(head.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(head.AsSpan(9, 3)) : 0, head);
    }

    public bool HasAnswer => _socket.Available > 0;

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _limit.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task SendAsync(byte[] bytes)
    {
        if (!await TrySendAsync(bytes))
        {
            throw new IOException("The server closed the connection while the request was sent.");
        }
    }

    private async Task<int> ReceiveAsync(byte[] buffer)
    {
        try
        {
            return await _socket.ReceiveAsync(buffer, SocketFlags.None, _limit.Token);
        }
        catch (SocketException)
        {
            return 0;
        }
    }
}
