using System.Text.Json.Nodes;

namespace ToolBackend.LocalStack.Simulators.Vapi.Calls;

/// <summary>The call object that <c>POST /call</c> answers with.</summary>
internal static class CreatedCall
{
    private const string NoLineLeft = "call.start.error-subscription-concurrency-limit-reached";

    public static JsonObject Of(string id, JsonObject asked, DateTimeOffset now, string url, bool isBlocked)
    {
        var call = new JsonObject
        {
            ["id"] = id,
            ["orgId"] = CallIds.Org,
            ["createdAt"] = Times.Iso(now),
            ["updatedAt"] = Times.Iso(now),
            ["type"] = asked.ContainsKey("phoneNumberId") || asked.ContainsKey("phoneNumber") ? "outboundPhoneCall" : "webCall",
            ["status"] = isBlocked ? "ended" : "queued",
            ["cost"] = 0,
            ["monitor"] = new JsonObject
            {
                ["listenUrl"] = $"{url.Replace("http", "ws", StringComparison.Ordinal)}/{ScriptSecrets.ControlKey}-{id}/listen",
                ["controlUrl"] = $"{url}/{ScriptSecrets.ControlKey}-{id}/control",
            },
        };
        if (isBlocked)
        {
            call["endedReason"] = NoLineLeft;
        }

        foreach (var (name, value) in asked.Where(member => member.Key != "phoneCallProviderBypassEnabled"))
        {
            call[name] = value?.DeepClone();
        }

        if (!isBlocked && asked["phoneCallProviderBypassEnabled"] is JsonValue bypass && bypass.TryGetValue<bool>(out var isBypassed) && isBypassed)
        {
            call["phoneCallProvider"] = "twilio";
            call["phoneCallProviderBypassEnabled"] = true;
            call["phoneCallProviderDetails"] = new JsonObject
            {
                ["twiml"] = $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Connect><Stream url=\"{url.Replace("http", "ws", StringComparison.Ordinal)}/{id}/transport\"><Parameter name=\"callId\" value=\"{id}\"/></Stream></Connect></Response>",
            };
        }

        return call;
    }
}
