using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using ToolBackend.Vapi.Rest;

namespace ToolBackend.Vapi.Twilio;

/// <summary>Requests to Twilio, repeated while that may help, unless that would do something twice.</summary>
internal sealed partial class TwilioTransport : IDisposable
{
    private readonly ILogger _logger;
    private readonly TwilioExchange _exchange;
    private readonly RestPipeline _pipeline;

    public TwilioTransport(TwilioClientOptions options, TimeProvider time, ILogger logger, HttpMessageHandler? handler)
    {
        _logger = logger;
        _exchange = new TwilioExchange(options, time, handler);
        _pipeline = new RestPipeline(
            new RestLimits(options.MaxAttempts, options.AttemptTimeout, options.TotalTimeout, options.RetryDelay, options.MaxRetryDelay, options.MaxInFlight, options.MaxWaiting), turns: null, time, OnRepeat);
    }

    /// <param name="target">Path and query, without a slash in front.</param>
    /// <param name="form">Null for a request without a body.</param>
    /// <param name="mayRepeat">False for what must not be done twice.</param>
    /// <exception cref="TwilioApiException">Twilio did not do it.</exception>
    public async Task<JsonObject> SendAsync(HttpMethod method, string target, IReadOnlyList<KeyValuePair<string, string>>? form, CancellationToken cancellation, bool mayRepeat = true)
    {
        var request = new TwilioRequest(method, target, form);
        try
        {
            return await _pipeline.RunAsync(request, mayRepeat, token => AttemptAsync(request, token), cancellation);
        }
        catch (TwilioApiException failure)
        {
            failure.Attempts = request.Attempts;
            throw;
        }
    }

    public void Dispose()
    {
        _exchange.Dispose();
        _pipeline.Dispose();
    }

    private async ValueTask<JsonObject> AttemptAsync(TwilioRequest request, CancellationToken cancellation)
    {
        try
        {
            return await _pipeline.AttemptAsync(request, token => _exchange.RunAsync(request, token), cancellation);
        }
        catch (TwilioApiException failure)
        {
            request.LastFailure = failure;
            throw;
        }
    }

    private void OnRepeat(Exception failed, int attempt, TimeSpan wait)
    {
        if (failed is TwilioApiException failure)
        {
            LogRepeated(failure.Failure, failure.Status, attempt, wait.TotalSeconds);
        }
    }

    [LoggerMessage(3002, LogLevel.Warning, "Twilio's REST API: {Failure} (status {Status}) at attempt {Attempt}; the next one in {Seconds:0.0} s")]
    private partial void LogRepeated(TwilioFailure failure, int? status, int attempt, double seconds);
}
