using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ToolBackend.Core.Data.Seeding;

namespace ToolBackend.Api.Tests.Webhooks;

/// <summary>What the webhook answered to a message.</summary>
public sealed record WebhookReply(HttpStatusCode Status, string Text)
{
    /// <summary>The body of an answer of 200.</summary>
    public JsonNode Json
    {
        get
        {
            Status.ShouldBe(HttpStatusCode.OK, Text);
            return JsonNode.Parse(Text)!;
        }
    }

    /// <summary>The results of a tool-calls message, in order.</summary>
    public IReadOnlyList<JsonNode> Results => [.. Json["results"]!.AsArray().Select(r => r!)];
}

/// <summary>Vapi's messages in the shapes that SampleMessages does not write.</summary>
internal static class Message
{
    public const string Track = """{"trackingNumber":"TB1042"}""";

    public static string NewId() => Guid.NewGuid().ToString("N");

    /// <param name="type">As on the wire.</param>
    /// <param name="caller">Null for a web call.</param>
    /// <param name="line">The number that was called.</param>
    /// <param name="callId">Null for a call of its own.</param>
    public static JsonObject Of(string type, string? caller = DemoSeed.CallerPhone, string? line = DemoSeed.ClinicLine, string? callId = null)
    {
        var call = new JsonObject { ["id"] = callId ?? NewId(), ["type"] = caller is null ? "webCall" : "inboundPhoneCall" };
        if (caller is not null)
        {
            call["customer"] = new JsonObject { ["number"] = caller };
        }

        var message = new JsonObject { ["type"] = type, ["timestamp"] = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), ["call"] = call };
        if (line is not null)
        {
            message["phoneNumber"] = new JsonObject { ["id"] = "line-1", ["number"] = line };
        }

        return message;
    }

    /// <summary>A tool-calls message around one list, given as JSON.</summary>
    public static JsonObject ToolCalls(string list, string member = "toolCallList", string? caller = DemoSeed.CallerPhone, string? callId = null)
    {
        var message = Of("tool-calls", caller, callId: callId);
        message[member] = JsonNode.Parse(list);
        return message;
    }

    public static byte[] Bytes(this JsonObject message) => Encoding.UTF8.GetBytes(new JsonObject { ["message"] = message.DeepClone() }.ToJsonString());

    public static string Quoted(string text) => JsonSerializer.Serialize(text);

    public static Task<WebhookReply> PostAsync(this ApiNode node, JsonObject message) => node.PostAsync(message.Bytes());

    public static async Task<WebhookReply> PostAsync(this ApiNode node, byte[] body)
    {
        using var answer = await node.PostWebhookAsync(body);
        return new WebhookReply(answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
