using System.Text.Json.Nodes;

namespace ToolBackend.LocalStack.Simulators.Vapi.Resources;

/// <summary>What the API makes of a body: defaults that it fills in, and what it never tells again.</summary>
internal static class ResourceShaping
{
    private static readonly string[] s_credentialSecrets =
        ["authToken", "apiKey", "apiSecret", "token", "clientSecret", "secretKey", "secret", "authPassword", "privateKey", "password"];

    /// <summary>Fills in what Vapi fills in. Only a few defaults become members; most stay unsaid.</summary>
    public static void AddDefaults(ResourceKind kind, JsonObject body)
    {
        switch (kind.Path)
        {
            case "assistant":
                Default(body, "firstMessageInterruptionsEnabled", false);
                Default(body["voice"], "cachingEnabled", true);
                break;
            case "tool":
                Default(body["function"], "strict", false);
                break;
            case "phone-number" when Text(body, "provider") == "twilio":
                Default(body, "smsEnabled", true);
                break;
            case "phone-number" when Text(body, "provider") == "byo-phone-number":
                Default(body, "numberE164CheckEnabled", true);
                break;
            case "structured-output":
                Default(body, "type", "ai");
                break;
        }
    }

    /// <summary>The object as GET tells it. Phone numbers and tools come with their secrets in clear; credentials never do.</summary>
    public static JsonObject View(ResourceKind kind, JsonObject stored)
    {
        var view = stored.DeepClone().AsObject();
        switch (kind.Path)
        {
            case "credential":
                RemoveSecrets(view);
                break;
            case "assistant":
                var server = view["server"] as JsonObject;
                view["isServerUrlSecretSet"] = view["serverUrlSecret"] is not null || server?["secret"] is not null;
                view.Remove("serverUrlSecret");
                server?.Remove("secret");
                break;
        }

        return view;
    }

    public static string? Text(JsonObject members, string name) => members[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static void RemoveSecrets(JsonNode? node)
    {
        if (node is JsonObject members)
        {
            foreach (var name in s_credentialSecrets)
            {
                members.Remove(name);
            }
        }

        foreach (var child in node switch { JsonObject inner => inner.Select(member => member.Value), JsonArray items => items, _ => [] })
        {
            RemoveSecrets(child);
        }
    }

    private static void Default(JsonNode? node, string name, JsonNode value)
    {
        if (node is JsonObject members)
        {
            members.TryAdd(name, value);
        }
    }
}
