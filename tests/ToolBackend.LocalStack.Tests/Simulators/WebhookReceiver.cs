using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ToolBackend.LocalStack.Tests.Simulators;

/// <summary>A webhook on loopback that keeps what it gets. Answers every tool call well unless told otherwise.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Received> _received = new();

    private WebhookReceiver(WebApplication app) => _app = app;

    public sealed record Received(JsonObject Message, IHeaderDictionary Headers, byte[] Body)
    {
        public string Type => Message["type"]!.GetValue<string>();
    }

    public Uri Url { get; private set; } = null!;

    /// <summary>In the order of arrival.</summary>
    public IReadOnlyList<Received> All => [.. _received];

    public IReadOnlyList<string> Types => [.. _received.Select(received => received.Type)];

    /// <summary>Given the message and how many of all came before it; null for the usual answer.</summary>
    public Func<Received, int, (int Status, string Body)?> Answer { get; set; } = static (_, _) => null;

    /// <summary>Completes when an answer may be given; at once by default.</summary>
    public Func<Received, CancellationToken, Task> Before { get; set; } = static (_, _) => Task.CompletedTask;

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var receiver = new WebhookReceiver(app);
        app.MapPost("/hook", (RequestDelegate)receiver.TakeAsync);
        await app.StartAsync();
        receiver.Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/hook");
        return receiver;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext http)
    {
        using var copy = new MemoryStream();
        await http.Request.Body.CopyToAsync(copy, http.RequestAborted);
        var received = new Received(JsonNode.Parse(copy.ToArray())!["message"]!.AsObject(), new HeaderDictionary(http.Request.Headers.ToDictionary()), copy.ToArray());
        var before = _received.Count;
        _received.Enqueue(received);
        await Before(received, http.RequestAborted);
        var (status, body) = Answer(received, before) ?? (200, UsualAnswer(received));
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(body, http.RequestAborted);
    }

    private static string UsualAnswer(Received received) => received.Type switch
    {
        "tool-calls" => JsonSerializer.Serialize(new
        {
            results = received.Message["toolCallList"]!.AsArray().Select(call => new
            {
                toolCallId = call!["id"]!.GetValue<string>(),
                name = call["function"]!["name"]!.GetValue<string>(),
                result = "Answered: " + call["function"]!["name"]!.GetValue<string>(),
            }),
        }),
        "assistant-request" => """{"assistantId":"5d7c0b52-0000-4000-8000-0000000000a1"}""",
        "transfer-destination-request" => """{"destination":{"type":"number","number":"+12065550188"}}""",
        _ => "{}",
    };
}
