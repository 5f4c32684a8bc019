using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Language.Chat;

/// <summary>One request and its stream. Every way in which it can fail comes out as a <see cref="ProviderException"/>, and the caller's cancellation as such.</summary>
internal sealed class ChatExchange : IAsyncDisposable
{
    private const int MostStreamBytes = 4 * 1024 * 1024;
    private const int MostErrorBytes = 16 * 1024;

    /// <summary>For the end of a chunked body after [DONE], so that the connection can be used again.</summary>
    private static readonly TimeSpan s_ending = TimeSpan.FromMilliseconds(100);

    /// <summary>For the words of a refusal.</summary>
    private static readonly TimeSpan s_explaining = TimeSpan.FromSeconds(1);

    private readonly ChatVendor _vendor;
    private readonly TimeSpan _stall;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _ended;
    private readonly CancellationTokenRegistration _registration;
    private readonly ChatStreamReader _reader;
    private HttpResponseMessage? _response;
    private Stream? _body;
    private IAsyncEnumerator<SseItem<string?>>? _events;
    private Queue<ModelOutput>? _rest;
    private bool _toldOfCall;

    public ChatExchange(ChatVendor vendor, TimeSpan stall, TimeProvider time, CancellationToken caller)
    {
        _vendor = vendor;
        _stall = stall;
        _caller = caller;
        _ended = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _registration = caller.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _ended);
        _reader = new ChatStreamReader(vendor);
    }

    public async Task OpenAsync(HttpMessageInvoker http, HttpRequestMessage request)
    {
        try
        {
            _response = await http.SendAsync(request, _ended.Token);
            if (!_response.IsSuccessStatusCode)
            {
                throw VendorFailure.OfStatus(_vendor, (int)_response.StatusCode, await ReadErrorAsync(_response), _response.Headers);
            }

            if (_response.Content.Headers.ContentType is not { MediaType: "text/event-stream" })
            {
                var (type, code) = VendorFailure.Read(await ReadErrorAsync(_response));
                throw type is null && code is null ? new ProviderException(_vendor.Name, ProviderFault.Protocol, "no_event_stream") : VendorFailure.InStream(_vendor, type, code);
            }

            _body = new BoundedStream(await _response.Content.ReadAsStreamAsync(_ended.Token), MostStreamBytes);
            _events = SseParser.Create(_body, _reader.Read).EnumerateAsync(_ended.Token).GetAsyncEnumerator(_ended.Token);
        }
        catch (Exception error) when (error is not ProviderException)
        {
            throw Translate(error, isOpen: false);
        }
    }

    /// <summary>Null after the last output.</summary>
    public async ValueTask<ModelOutput?> NextAsync()
    {
        while (_rest is null)
        {
            var text = await MoveAsync();
            if (text is null && _reader.BegunCall is null)
            {
                continue;
            }

            // From the first word or call on, silence is a fault of its own; before it, whoever asked keeps the time.
            _ended.CancelAfter(_stall);
            if (text is not null)
            {
                return new ModelOutput.Text(text);
            }

            if (!_toldOfCall && _rest is null)
            {
                _toldOfCall = true;
                return new ModelOutput.ToolCallBegun(_reader.BegunCall!);
            }
        }

        return _rest.TryDequeue(out var output) ? output : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _registration.DisposeAsync();
        if (_reader.IsDone && _body is not null && !_caller.IsCancellationRequested)
        {
            await ReadToEndAsync(_body);
        }

        // In the middle of an answer this closes the connection, since the handler drains nothing: the vendor stops generating.
        _response?.Dispose();
        _ended.Dispose();
    }

    /// <summary>Text of the next event; null when it has none, or when the stream has ended and <see cref="_rest"/> is set.</summary>
    private async ValueTask<string?> MoveAsync()
    {
        try
        {
            if (!_reader.IsDone && await _events!.MoveNextAsync())
            {
                return _events.Current.Data;
            }

            _rest = _reader.Complete();
            return null;
        }
        catch (Exception error) when (error is not ProviderException)
        {
            throw Translate(error, isOpen: true);
        }
    }

    private Exception Translate(Exception error, bool isOpen)
    {
        if (_caller.IsCancellationRequested)
        {
            return new OperationCanceledException(error.Message, error, _caller);
        }

        return error switch
        {
            OperationCanceledException when isOpen => new ProviderException(_vendor.Name, ProviderFault.TimedOut, "stall"),
            OperationCanceledException or HttpRequestException { HttpRequestError: not HttpRequestError.InvalidResponse } when !isOpen =>
                new ProviderException(_vendor.Name, ProviderFault.Unreachable, null, error),
            HttpRequestException or InvalidDataException or JsonException => new ProviderException(_vendor.Name, ProviderFault.Protocol, "no_http", error),
            IOException => new ProviderException(_vendor.Name, ProviderFault.ServerError, "cut", error),
            _ => error, // a bug
        };
    }

    private async Task<byte[]> ReadErrorAsync(HttpResponseMessage response)
    {
        _ended.CancelAfter(s_explaining);
        try
        {
            var body = await response.Content.ReadAsStreamAsync(_ended.Token);
            var buffer = new byte[MostErrorBytes];
            return buffer[..await body.ReadAtLeastAsync(buffer, MostErrorBytes, throwOnEndOfStream: false, _ended.Token)];
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or HttpRequestException && !_caller.IsCancellationRequested)
        {
            return []; // the status says enough
        }
    }

    private static async Task ReadToEndAsync(Stream body)
    {
        using var deadline = new CancellationTokenSource(s_ending);
        var buffer = new byte[512];
        try
        {
            while (await body.ReadAsync(buffer, deadline.Token) > 0)
            {
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or HttpRequestException)
        {
            return; // the connection is closed instead of used again
        }
    }
}
