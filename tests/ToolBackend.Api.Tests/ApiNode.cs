using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ToolBackend.Api.Hosting;
using ToolBackend.Vapi.Messages;
using ToolBackend.Vapi.Webhooks;

namespace ToolBackend.Api.Tests;

/// <summary>What a tool call's webhook answer said: <paramref name="Result"/> or <paramref name="Error"/>, both null unless the status is 200.</summary>
public sealed record ToolCallReply(HttpStatusCode Status, string? Result, string? Error, TimeSpan Took)
{
    /// <summary>What the model reads, of either kind.</summary>
    public string Say => Result ?? Error ?? throw new InvalidOperationException($"The webhook answered {(int)Status} without a result.");
}

/// <summary>The real Api in this process, on a real socket at a loopback port that the kernel chose.</summary>
public sealed class ApiNode : IAsyncDisposable
{
    public const string WebhookSecret = "test-webhook-secret-of-32-bytes!";
    public const string OperatorKey = "test-operator-key";
    public const string OperatorKeyHash = "sha256:0ff86987c8ca08303de41f67acd9dda633b6ac174e05534d0d365f8299ae30fc";

    private static readonly TimeSpan s_readyDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(10);

    private readonly WebApplication _app;
    private readonly WebhookSigner _signer = new(new WebhookAuthenticationOptions { Secret = WebhookSecret });

    private ApiNode(WebApplication app, CapturedLogs logs)
    {
        _app = app;
        Logs = logs;
        BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Http = NewClient();
        Operator = NewClient();
        Operator.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", OperatorKey);
    }

    public Uri BaseAddress { get; }

    /// <summary>Without any credentials.</summary>
    public HttpClient Http { get; }

    /// <summary>With the operator's key.</summary>
    public HttpClient Operator { get; }

    public CapturedLogs Logs { get; }

    /// <summary>The host's own services, for what cannot be seen from outside.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Starts a host and returns when it listens; <see cref="WaitUntilReadyAsync"/> is the caller's choice.</summary>
    /// <param name="settings">Configuration, name to value; null removes a setting that was given before.</param>
    /// <param name="adjust">Replaces services, such as the clock, after the product has registered its own.</param>
    public static async Task<ApiNode> StartAsync(IReadOnlyDictionary<string, string?> settings, Action<WebApplicationBuilder>? adjust = null)
    {
        var logs = new CapturedLogs();
        var app = ApiHost.Build(Arguments(settings), builder =>
        {
            builder.Logging.ClearProviders().AddProvider(logs);
            // The test process's signals belong to the test runner.
            builder.Services.AddSingleton<IHostLifetime, NoSignals>();
            adjust?.Invoke(builder);
        });
        try
        {
            await app.StartAsync();
            return new ApiNode(app, logs);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>The command line that configures a host: also what a host as a process of its own takes.</summary>
    public static string[] Arguments(IReadOnlyDictionary<string, string?> settings)
    {
        var all = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["environment"] = "Development",
            ["contentRoot"] = AppContext.BaseDirectory,
            ["urls"] = "http://127.0.0.1:0",
            ["Vapi:Webhook:Secret"] = WebhookSecret,
            ["Operator:KeyHash"] = OperatorKeyHash,
        };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return [.. all.Where(s => s.Value is not null).Select(s => $"--{s.Key}={s.Value}")];
    }

    public HttpClient NewClient() => new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = BaseAddress, Timeout = TimeSpan.FromSeconds(30) };

    public async Task WaitUntilReadyAsync()
    {
        using var limit = new CancellationTokenSource(s_readyDeadline);
        while (true)
        {
            using var answer = await Http.GetAsync("/readyz", limit.Token);
            if (answer.StatusCode is HttpStatusCode.OK)
            {
                return;
            }

            await Task.Delay(s_look, limit.Token);
        }
    }

    /// <summary>Posts a body to the webhook, signed as the fixture's settings say.</summary>
    public async Task<HttpResponseMessage> PostWebhookAsync(byte[] body, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/vapi/webhook") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, value) in _signer.Headers(body, TimeProvider.System.GetUtcNow()))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Http.SendAsync(request, cancellation);
    }

    /// <summary>Posts one tool call as Vapi would and reads the answer to it.</summary>
    /// <param name="tool">Name of the tool.</param>
    /// <param name="argumentsJson">A JSON object.</param>
    /// <param name="callId">Null for a call of its own.</param>
    /// <param name="toolCallId">Null for an id of its own; the same id again is a redelivery.</param>
    /// <param name="caller">E.164; null for a web call.</param>
    /// <param name="sentAt">Vapi's timestamp of the message; null for now. A redelivery has the same one.</param>
    public async Task<ToolCallReply> PostToolCallAsync(
        string tool, string argumentsJson = "{}", string? callId = null, string? toolCallId = null, string? caller = null, DateTimeOffset? sentAt = null, CancellationToken cancellation = default)
    {
        var id = toolCallId ?? $"tool-{Guid.NewGuid():N}";
        var body = SampleMessages.ToolCalls([new(id, tool, argumentsJson)], callId ?? $"call-{Guid.NewGuid():N}", caller, sentAt ?? TimeProvider.System.GetUtcNow());
        var started = Stopwatch.GetTimestamp();
        using var answer = await PostWebhookAsync(body, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        var took = Stopwatch.GetElapsedTime(started);
        if (answer.StatusCode is not HttpStatusCode.OK)
        {
            return new ToolCallReply(answer.StatusCode, null, null, took);
        }

        using var json = JsonDocument.Parse(text);
        var mine = json.RootElement.GetProperty("results").EnumerateArray().Single(r => r.GetProperty("toolCallId").GetString() == id);
        return new ToolCallReply(answer.StatusCode, Text(mine, "result"), Text(mine, "error"), took);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Operator.Dispose();
        _signer.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static string? Text(JsonElement result, string member) => result.TryGetProperty(member, out var text) ? text.GetString() : null;

    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
