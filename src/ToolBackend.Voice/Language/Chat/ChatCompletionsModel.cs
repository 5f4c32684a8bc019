using System.Diagnostics;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Language.Chat;

/// <summary>A vendor's streaming chat completions over HTTP/1.1: a request that is given up takes its connection with it, and nothing else.</summary>
internal sealed class ChatCompletionsModel : ILanguageModel, IDisposable
{
    private static readonly TimeSpan s_connect = TimeSpan.FromSeconds(2);
    private static readonly MediaTypeHeaderValue s_json = new("application/json");
    private static readonly MediaTypeWithQualityHeaderValue s_events = new("text/event-stream");

    /// <summary>A connection that was given back so shortly ago is still there: idle ones live for 90 s here, and not much less at vendors.</summary>
    private static readonly TimeSpan s_isWarm = TimeSpan.FromSeconds(30);

    private readonly ChatVendor _vendor;
    private readonly LanguageOptions _options;
    private readonly TimeProvider _time;
    private readonly AuthenticationHeaderValue? _key;
    private readonly Uri _completions;
    private readonly Uri _models;
    private readonly HttpMessageInvoker _http;
    private long _lastWhole;

    /// <param name="settings">Valid.</param>
    public ChatCompletionsModel(ChatVendor vendor, VendorOptions settings, LanguageOptions options, TimeProvider time)
    {
        _vendor = vendor;
        _options = options;
        _time = time;
        _key = string.IsNullOrEmpty(settings.ApiKey) ? null : new AuthenticationHeaderValue("Bearer", settings.ApiKey);
        var address = string.IsNullOrEmpty(settings.BaseUrl) ? vendor.PublicAddress : settings.BaseUrl;
        _completions = new Uri(address + vendor.Prefix + "/chat/completions");
        _models = new Uri(address + vendor.Prefix + "/models");
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectTimeout = s_connect,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
            PooledConnectionLifetime = TimeSpan.FromMinutes(15),
            // An answer that is no longer wanted is not read to its end: the vendor would go on generating.
            ResponseDrainTimeout = TimeSpan.Zero,
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        });
    }

    public string Name => _vendor.Name;

    public bool IsConfigured => _key is not null;

    public async Task WarmAsync(CancellationToken cancellation)
    {
        if (!IsConfigured || (Volatile.Read(ref _lastWhole) is > 0 and var last && _time.GetElapsedTime(last) < s_isWarm))
        {
            return;
        }

        using var deadline = new CancellationTokenSource(s_connect, _time);
        await using var caller = cancellation.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), deadline);
        using var request = Request(HttpMethod.Head, _models);
        try
        {
            using var response = await _http.SendAsync(request, deadline.Token);
            Volatile.Write(ref _lastWhole, _time.GetTimestamp());
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
        {
            return; // the next request meets the same fault and reports it
        }
    }

    public async IAsyncEnumerable<ModelOutput> StreamAsync(ModelRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (!IsConfigured)
        {
            throw new ProviderException(Name, ProviderFault.Authentication, "no_key");
        }

        using var message = Request(HttpMethod.Post, _completions);
        message.Headers.Accept.Add(s_events);
        message.Content = new ReadOnlyMemoryContent(ChatRequestBody.Of(_vendor, request));
        message.Content.Headers.ContentType = s_json;
        if (_vendor.AffinityHeader is { } affinity && request.CallId is { } call)
        {
            message.Headers.TryAddWithoutValidation(affinity, call);
        }

        Volatile.Write(ref _lastWhole, 0); // it takes the connection that may be there
        await using var exchange = new ChatExchange(_vendor, _options.Stall, _time, cancellation);
        await exchange.OpenAsync(_http, message);
        while (await exchange.NextAsync() is { } output)
        {
            yield return output;
        }

        Volatile.Write(ref _lastWhole, _time.GetTimestamp()); // and gives it back, unless it was cut
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(HttpMethod method, Uri address)
    {
        var request = new HttpRequestMessage(method, address);
        request.Headers.Authorization = _key;
        return request;
    }
}
