using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ToolBackend.LocalStack.Simulators.Vapi.Resources;

/// <summary>
/// Makes <c>shapes.json</c> out of Vapi's OpenAPI document: <c>ToolBackend.LocalStack simulate shapes --spec FILE</c>. What the document leaves out is added here.
/// </summary>
internal sealed partial class ShapeDistiller(JsonObject document)
{
    private static readonly string[] s_discriminators = ["provider", "type", "on", "role"];

    private static readonly (string Request, string Path, string Method)[] s_requests =
    [
        ("POST assistant", "/assistant", "post"), ("PATCH assistant", "/assistant/{id}", "patch"), ("POST tool", "/tool", "post"), ("PATCH tool", "/tool/{id}", "patch"),
        ("POST squad", "/squad", "post"), ("PATCH squad", "/squad/{id}", "patch"), ("POST phone-number", "/phone-number", "post"), ("PATCH phone-number", "/phone-number/{id}", "patch"),
        ("POST structured-output", "/structured-output", "post"), ("PATCH structured-output", "/structured-output/{id}", "patch"),
    ];

    private readonly JsonObject _schemas = document["components"]!["schemas"]!.AsObject();
    private readonly JsonObject _shapes = [];

    public JsonObject Distill()
    {
        var bodies = new JsonObject();
        foreach (var (request, path, method) in s_requests)
        {
            bodies[request] = Body(document["paths"]![path]![method]!["requestBody"]!["content"]!["application/json"]!["schema"]!.AsObject());
        }

        // The document has the bodies of credentials, but no path that takes them.
        bodies["POST credential"] = Credentials("Create");
        bodies["PATCH credential"] = Credentials("Update");
        AddWhatIsMissing();
        var sorted = new JsonObject([.. _shapes.OrderBy(shape => shape.Key, StringComparer.Ordinal).Select(shape => KeyValuePair.Create(shape.Key, shape.Value?.DeepClone()))]);
        return new JsonObject { ["bodies"] = bodies, ["shapes"] = sorted };
    }

    private JsonNode Body(JsonObject schema) => Of(schema, name: null);

    private JsonObject Credentials(string verb)
    {
        var names = _schemas.Select(schema => schema.Key).Where(name => name.StartsWith(verb, StringComparison.Ordinal) && name.EndsWith("CredentialDTO", StringComparison.Ordinal));
        var cases = new JsonObject();
        foreach (var name in names)
        {
            if (Constant(name, "provider") is { } provider)
            {
                cases[provider] = Reference(name);
            }
        }

        return new JsonObject { ["by"] = "provider", ["cases"] = cases };
    }

    private void AddWhatIsMissing()
    {
        // The document says object where numbers are meant.
        _shapes["BackoffPlan"]!["excludedStatusCodes"] = new JsonObject { ["list"] = "number" };
        // Wanted by strict functions.
        _shapes["OpenAIFunctionParameters"]!["additionalProperties"] = "any";
        // Accepted, though no longer documented.
        _shapes["Server"]!["secret"] = "text";
        foreach (var assistant in new[] { "CreateAssistantDTO", "UpdateAssistantDTO" })
        {
            _shapes[assistant]!["serverUrl"] = "text";
            _shapes[assistant]!["serverUrlSecret"] = "text";
        }
    }

    private JsonNode Of(JsonObject schema, string? name)
    {
        if (schema["$ref"] is { } reference)
        {
            return Reference(reference.GetValue<string>().Split('/')[^1]);
        }

        if (schema["allOf"] is JsonArray { Count: 1 } wrapped && schema["oneOf"] is null)
        {
            return Of(wrapped[0]!.AsObject(), name);
        }

        if (schema["oneOf"] is JsonArray choices)
        {
            return Choice([.. choices.Select(choice => choice!.AsObject())]);
        }

        if (schema["enum"] is JsonArray values && schema["type"]?.GetValue<string>() != "array")
        {
            return new JsonArray([.. values.Select(value => value!.ToString()).Distinct(StringComparer.Ordinal).Select(value => JsonValue.Create(value))]);
        }

        return schema["type"]?.GetValue<string>() switch
        {
            "string" when schema["pattern"]?.GetValue<string>() is { } pattern => new JsonObject { ["text"] = Limits(schema, "minLength", "maxLength"), ["pattern"] = pattern.Trim('/') },
            "string" => JsonValue.Create(("text " + Limits(schema, "minLength", "maxLength")).TrimEnd()),
            "number" or "integer" => JsonValue.Create(("number " + Limits(schema, "minimum", "maximum")).TrimEnd()),
            "boolean" => "flag",
            "array" => new JsonObject { ["list"] = Items(schema) },
            "object" => "object",
            _ => "any",
        };
    }

    private JsonNode Items(JsonObject array) =>
        array["enum"] is JsonArray values ? Of(new JsonObject { ["enum"] = values.DeepClone() }, null) : array["items"] is JsonObject items ? Of(items, null) : "any";

    private JsonNode Choice(JsonObject[] choices)
    {
        var references = choices.Select(choice => choice["$ref"]?.GetValue<string>().Split('/')[^1]).ToArray();
        if (references.All(name => name is not null) && ByDiscriminator([.. references.OfType<string>()]) is { } union)
        {
            return union;
        }

        return choices.Length == 1 ? Of(choices[0], null) : new JsonObject { ["either"] = new JsonArray([.. choices.Select(choice => Of(choice, null))]) };
    }

    private JsonObject? ByDiscriminator(string[] names)
    {
        var member = Array.Find(s_discriminators, member => names.Select(name => Constant(name, member)).All(value => value is not null)
            && names.Select(name => Constant(name, member)).Distinct(StringComparer.Ordinal).Count() == names.Length);
        if (member is null)
        {
            return null;
        }

        return new JsonObject
        {
            ["by"] = member,
            ["cases"] = new JsonObject([.. names.Select(name => KeyValuePair.Create(Constant(name, member)!, (JsonNode?)Reference(name)))]),
        };
    }

    private string? Constant(string schema, string member) => _schemas[schema]!["properties"]?[member]?["enum"] is JsonArray { Count: 1 } one ? one[0]!.ToString() : null;

    private JsonNode Reference(string name)
    {
        if (NotLookedInto().IsMatch(name) || _schemas[name]!["properties"] is not JsonObject properties)
        {
            return "any";
        }

        if (!_shapes.ContainsKey(name))
        {
            var members = new JsonObject();
            _shapes[name] = members;
            var required = _schemas[name]!["required"] as JsonArray ?? [];
            foreach (var (member, schema) in properties)
            {
                var isRequired = required.Any(one => one!.GetValue<string>() == member);
                members[isRequired ? member + "!" : member] = member == "endedReason" ? "any" : Of(schema!.AsObject(), member);
            }
        }

        return new JsonObject { ["of"] = name };
    }

    private static string Limits(JsonObject schema, string least, string most) =>
        schema[least] is null && schema[most] is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"{schema[least]?.ToString()}..{schema[most]?.ToString()}");

    [GeneratedRegex(
        "Workflow|GoHighLevel|Google(Calendar|Sheets)|Slack|Bash|Computer|TextEditor|Ghl|Make|Scorecard|Simulation|Langfuse|Tavus|Hume|LMNT|Neuphonic|PlayHT|WellSaid|RimeAI|SmallestAI|Sesame"
        + "|Inworld|Minimax|MiniMax|XAI|Xai|Microsoft|Gladia|Speechmatics|Talkscriber|Soniox|Anyscale|Cerebras|DeepInfra|DeepSeek|Inflection|Perplexity|Bedrock"
        + "|(AWS|Azure|Cloudflare|GCP|S3|Supabase|Gcp|Mistral|Trieve|Webchat|Email|Runpod|Lang|Google|DeepSeek|DeepInfra|Infl|Neu|Play|Rime|Well|Smallest|Speech)[A-Za-z]*CredentialDTO",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NotLookedInto();
}
