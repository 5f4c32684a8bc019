using System.Text;
using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Definitions.Checks;
using ToolBackend.Vapi.Definitions.Writing;
using ToolBackend.Vapi.Sync;
using ToolBackend.Vapi.Sync.Comparison;

namespace ToolBackend.Vapi.Pulling;

/// <summary>Puts <c>${secret:NAME}</c> where Vapi has a secret, with a name that tells which.</summary>
internal static class SecretPlaces
{
    // Where a credential's plan keeps what Vapi never shows.
    private static readonly Dictionary<string, string> s_planSecrets = new(StringComparer.Ordinal) { ["bearer"] = "token", ["oauth2"] = "clientSecret", ["hmac"] = "secretKey" };

    /// <summary>Changes a field's value, which was sealed by the normaliser, in place; returns it.</summary>
    /// <param name="name">The field.</param>
    public static JsonNode? Name(ResourceKey key, string name, JsonNode? value)
    {
        var root = new JsonObject { [name] = value?.DeepClone() };
        foreach (var (path, node) in JsonPaths.Walk(root).ToList())
        {
            if (node.AsText() is not { } text)
            {
                continue;
            }

            if (SecretFields.IsSealed(text))
            {
                node!.ReplaceWith($"${{secret:{NameOf(key, path)}}}");
            }
            else if (SecretCheck.KeyIn(text) is not null)
            {
                node!.ReplaceWith(SecretCheck.WithoutKeys(text, $"${{secret:{NameOf(key, path)}}}"));
            }
        }

        var named = root[name];
        root.Remove(name);
        return named;
    }

    /// <summary>Adds what a credential's plan needs and Vapi never shows.</summary>
    public static void Complete(ResourceKey key, JsonObject body)
    {
        if (key.Kind == SyncKind.Credential && body["authenticationPlan"] is JsonObject plan && plan.TextAt("type") is { } type && s_planSecrets.TryGetValue(type, out var member))
        {
            plan.TryAdd(member, $"${{secret:{NameOf(key, member)}}}");
        }
    }

    /// <exception cref="DefinitionUnwritableException">A text at Vapi is itself what stands for a secret in files: writing it would send the secret's value with the next apply.</exception>
    public static void RefuseForms(JsonObject remote)
    {
        foreach (var (path, _) in JsonPaths.Walk(remote).Where(entry => entry.Node.AsText() is { } text && Secrets.IsIn(text)))
        {
            throw new DefinitionUnwritableException($"{path} at Vapi holds the characters ${{secret:...}} themselves");
        }
    }

    // Twilio's token is the account's, whichever number it is at; everything else is the resource's own.
    private static string NameOf(ResourceKey key, string path)
    {
        var words = Words(path[(path.LastIndexOf('.') + 1)..]);
        return words.StartsWith("TWILIO_", StringComparison.Ordinal) ? words : $"{Words(key.Name)}_{Words(path)}";
    }

    private static string Words(string name)
    {
        var words = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (!char.IsAsciiLetterOrDigit(name[i]))
            {
                words.Append(words.Length > 0 && words[^1] != '_' ? "_" : "");
                continue;
            }

            if (char.IsAsciiLetterUpper(name[i]) && i > 0 && char.IsAsciiLetterLower(name[i - 1]))
            {
                words.Append('_');
            }

            words.Append(char.ToUpperInvariant(name[i]));
        }

        var text = words.ToString().TrimEnd('_');
        return text.Length == 0 || char.IsAsciiDigit(text[0]) ? "_" + text : text;
    }
}
