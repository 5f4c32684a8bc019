using System.Text.Json;
using System.Text.Json.Nodes;
using ToolBackend.Vapi.Calls.Redaction;

namespace ToolBackend.Vapi.Sync.Comparison;

/// <summary>
/// Secrets in what Vapi lists: phone numbers come with Twilio's token in clear, tools and servers with their headers. Texts are found by the names of their members;
/// below <c>headers</c> and <c>environmentVariables</c> every value counts.
/// </summary>
public static class SecretFields
{
    /// <summary>How a text begins that stands for one that is not shown.</summary>
    public const string SealMark = "sealed:";

    private static readonly string[] s_sealedBranches = ["headers", "environmentVariables"];
    private static readonly string[] s_schemaWords = ["type", "description", "title", "format", "name", "key"];

    public static bool IsSealed(string text) => text.StartsWith(SealMark, StringComparison.Ordinal);

    /// <summary>Puts a salted hash in place of each secret, so that a change of one is noticed and none can be read. Texts that name a secret stay.</summary>
    public static void Seal(JsonObject body, FieldHasher hasher) =>
        Visit(body, inBranch: false, (parent, name, text) =>
        {
            if (!Definitions.Secrets.IsIn(text) && !IsSealed(text))
            {
                parent[name] = SealMark + hasher.Of(text);
            }
        });

    /// <summary>Takes each secret out, member and all.</summary>
    public static void Remove(JsonObject body) => Visit(body, inBranch: false, static (parent, name, _) => parent.Remove(name));

    /// <summary>Whether a text under this member's name is a secret wherever it stands.</summary>
    public static bool IsSecret(string name) => SecretNames.IsSecret(name);

    private static void Visit(JsonNode? node, bool inBranch, Action<JsonObject, string, string> onSecret)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members.ToList())
                {
                    if (value is JsonValue && value.GetValueKind() == JsonValueKind.String)
                    {
                        if (SecretNames.IsSecret(name) || (inBranch && !s_schemaWords.Contains(name, StringComparer.Ordinal)))
                        {
                            onSecret(members, name, value.GetValue<string>());
                        }
                    }
                    else
                    {
                        Visit(value, inBranch || s_sealedBranches.Contains(name, StringComparer.Ordinal), onSecret);
                    }
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Visit(item, inBranch, onSecret);
                }

                break;
        }
    }
}
