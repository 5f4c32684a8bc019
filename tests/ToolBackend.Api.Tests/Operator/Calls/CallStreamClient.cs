using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Text.Json;

namespace ToolBackend.Api.Tests.Operator.Calls;

/// <summary>One event of <c>/calls/stream</c>.</summary>
internal sealed record StreamEvent(string Type, string? Id, JsonElement Data)
{
    public long Seq => long.Parse(Id!, CultureInfo.InvariantCulture);

    public string CallId => Data.GetProperty("callId").GetString()!;

    public long Version => Data.GetProperty("version").GetInt64();
}

/// <summary>A client of <c>/calls/stream</c> that reads when it is asked to. Disposing cuts the connection.</summary>
internal sealed class CallStreamClient : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    private readonly CancellationTokenSource _limit = new(s_patience);
    private readonly HttpClient _http;
    private readonly HttpResponseMessage _answer;
    private readonly SseParser<string> _parser;
    private readonly IAsyncEnumerator<SseItem<string>> _items;

    private CallStreamClient(HttpClient http, HttpResponseMessage answer, Stream body)
    {
        _http = http;
        _answer = answer;
        _parser = SseParser.Create(body);
        _items = _parser.EnumerateAsync(_limit.Token).GetAsyncEnumerator(_limit.Token);
    }

    /// <param name="query">With its question mark.</param>
    /// <param name="receiveBuffer">Bytes that the kernel may hold for a client that does not read; null for as many as it likes.</param>
    public static async Task<CallStreamClient> OpenAsync(ApiNode node, string? lastEventId = null, string query = "", int? receiveBuffer = null)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectCallback = (context, cancellation) => ConnectAsync(context.DnsEndPoint, receiveBuffer, cancellation) }) { Timeout = s_patience };
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node.BaseAddress, "/calls/stream" + query));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ApiNode.OperatorKey);
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, answer.StatusCode is HttpStatusCode.OK ? "" : await answer.Content.ReadAsStringAsync());
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        return new CallStreamClient(http, answer, await answer.Content.ReadAsStreamAsync());
    }

    /// <summary>Null when the stream has ended cleanly.</summary>
    public async Task<StreamEvent?> TryNextAsync() =>
        await _items.MoveNextAsync() ? new StreamEvent(_items.Current.EventType, _items.Current.EventId, JsonSerializer.Deserialize<JsonElement>(_items.Current.Data)) : null;

    public async Task<StreamEvent> NextAsync() => await TryNextAsync() ?? throw new InvalidOperationException("The stream ended.");

    /// <summary>The open calls, and the event that ends them.</summary>
    public async Task<(List<StreamEvent> Calls, StreamEvent Synced)> SnapshotAsync()
    {
        var calls = new List<StreamEvent>();
        while (true)
        {
            var next = await NextAsync();
            if (next.Type == "synced")
            {
                return (calls, next);
            }

            next.Type.ShouldBe("call");
            next.Id.ShouldBeNull("a snapshot cannot be resumed in its middle");
            calls.Add(next);
        }
    }

    /// <summary>So many changes; what else comes is passed over.</summary>
    public async Task<List<StreamEvent>> ChangesAsync(int count)
    {
        var changes = new List<StreamEvent>();
        while (changes.Count < count)
        {
            var next = await NextAsync();
            if (next.Type == "call")
            {
                changes.Add(next);
            }
        }

        return changes;
    }

    public async ValueTask DisposeAsync()
    {
        _answer.Dispose();
        _http.Dispose();
        await ValueTask.CompletedTask;
        _limit.Dispose();
    }

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint endpoint, int? receiveBuffer, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer is { } bytes)
        {
            socket.ReceiveBufferSize = bytes;
        }

        await socket.ConnectAsync(IPAddress.Parse(endpoint.Host), endpoint.Port, cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
