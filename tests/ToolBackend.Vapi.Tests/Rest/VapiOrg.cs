using System.Net;
using System.Text;
using ToolBackend.LocalStack.Simulators.Vapi;
using ToolBackend.Vapi.Rest;

namespace ToolBackend.Vapi.Tests.Rest;

/// <summary>A simulated organisation and clients for it that do not dawdle.</summary>
internal sealed class VapiOrg(VapiSimulator simulator) : IAsyncDisposable
{
    public VapiSimulator Simulator => simulator;

    public static async Task<VapiOrg> StartAsync(VapiSimulatorOptions? options = null) => new(await VapiSimulator.StartAsync(options));

    public VapiClient Client(Action<VapiClientOptions>? change = null, TimeProvider? time = null, HttpMessageHandler? handler = null) =>
        Make(simulator.Url, simulator.ApiKey, change, time, handler);

    public static VapiClient Make(string url, string key, Action<VapiClientOptions>? change = null, TimeProvider? time = null, HttpMessageHandler? handler = null)
    {
        var options = new VapiClientOptions { BaseUrl = url, ApiKey = key, RequestsPerSecond = 1000, RetryDelay = TimeSpan.FromMilliseconds(5), AttemptTimeout = TimeSpan.FromSeconds(60) };
        change?.Invoke(options);
        return new VapiClient(options, time ?? TimeProvider.System, logger: null, handler);
    }

    public ValueTask DisposeAsync() => simulator.DisposeAsync();
}

/// <summary>Answers what no simulator would say.</summary>
internal sealed class CannedAnswer(HttpStatusCode status, string body, string mediaType = "application/json") : HttpMessageHandler
{
    public int Requests { get; private set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests++;
        return Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, mediaType) });
    }
}
