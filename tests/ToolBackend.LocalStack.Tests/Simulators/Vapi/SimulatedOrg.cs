using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Vapi;

namespace ToolBackend.LocalStack.Tests.Simulators.Vapi;

/// <summary>A simulated organisation and a client with its key.</summary>
internal sealed class SimulatedOrg : IAsyncDisposable
{
    private SimulatedOrg(VapiSimulator simulator)
    {
        Simulator = simulator;
        Http = new HttpClient { BaseAddress = new Uri(simulator.Url) };
        Http.DefaultRequestHeaders.Authorization = new("Bearer", simulator.ApiKey);
    }

    public VapiSimulator Simulator { get; }

    public HttpClient Http { get; }

    public static async Task<SimulatedOrg> StartAsync(VapiSimulatorOptions? options = null) => new(await VapiSimulator.StartAsync(options));

    public async Task<(HttpStatusCode Status, JsonNode? Body)> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public Task<(HttpStatusCode Status, JsonNode? Body)> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<(HttpStatusCode Status, JsonNode? Body)> PostAsync(string path, object body) => SendAsync(HttpMethod.Post, path, body);

    public Task<(HttpStatusCode Status, JsonNode? Body)> PatchAsync(string path, object body) => SendAsync(HttpMethod.Patch, path, body);

    public Task<(HttpStatusCode Status, JsonNode? Body)> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    /// <summary>Creates and returns the object.</summary>
    public async Task<JsonObject> MadeAsync(string path, object body)
    {
        var (status, made) = await PostAsync(path, body);
        status.ShouldBe(HttpStatusCode.Created, made?.ToJsonString());
        return made!.AsObject();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Simulator.DisposeAsync();
    }
}

internal static class Bodies
{
    public static string[] Rules(this (HttpStatusCode Status, JsonNode? Body) answer)
    {
        answer.Status.ShouldBe(HttpStatusCode.BadRequest, answer.Body?.ToJsonString());
        answer.Body!["statusCode"]!.GetValue<int>().ShouldBe(400);
        return answer.Body["message"] is JsonArray rules ? [.. rules.Select(rule => rule!.GetValue<string>())] : [answer.Body["message"]!.GetValue<string>()];
    }

    public static string Text(this JsonNode? node, string name) => node![name]!.GetValue<string>();
}
