using System.Globalization;
using System.Text;
using ToolBackend.Vapi.Messages;
using ToolBackend.Vapi.Webhooks;

namespace ToolBackend.Load.Driver;

/// <summary>Builds whole HTTP requests as Vapi's servers send them.</summary>
internal sealed class WebhookRequests(WebhookSigner signer, TimeProvider time)
{
    private const int Calls = 256;

    /// <summary>One signed tool call.</summary>
    /// <param name="id">Of the tool call. It belongs to one of 256 phone calls: what a call costs once, when it is first heard of, is measured with its events.</param>
    public byte[] ToolCall(string id, int number, string tool, string arguments, string caller, int bodyBytes)
    {
        var now = time.GetUtcNow();
        var callId = string.Create(CultureInfo.InvariantCulture, $"call{number % Calls:D4}");
        return Post(SampleMessages.ToolCalls([new SampleToolCall("call_" + id, tool, arguments)], callId, caller, now, bodyBytes), now);
    }

    /// <summary>One signed server event.</summary>
    public byte[] Event(string type, IReadOnlyList<(string Name, string Json)> members, string callId, string caller, int bodyBytes)
    {
        var now = time.GetUtcNow();
        return Post(SampleMessages.Event(type, members, callId, caller, now, bodyBytes), now);
    }

    private byte[] Post(byte[] body, DateTimeOffset now)
    {
        var head = new StringBuilder("POST /vapi/webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n");
        foreach (var (name, value) in signer.Headers(body, now))
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        head.Append("Content-Length: ").Append(body.Length).Append("\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head.ToString()), .. body];
    }
}
