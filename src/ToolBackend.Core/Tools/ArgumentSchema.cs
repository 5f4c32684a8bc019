using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;

namespace ToolBackend.Core.Tools;

/// <summary>
/// The JSON schema of an arguments record, in the subset that voice platforms accept: <c>type</c> (one word), <c>properties</c>,
/// <c>required</c>, <c>description</c>, <c>enum</c>. <c>[Description]</c> and <c>[AllowedValues]</c> on a property reach the model.
/// </summary>
public static class ArgumentSchema
{
    public static JsonObject Of<T>() where T : class
    {
        var schema = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject() };
        var required = new JsonArray();
        foreach (var property in ArgumentReader.Options.GetTypeInfo(typeof(T)).Properties)
        {
            var declared = (PropertyInfo)property.AttributeProvider!;

            // JsonSchemaExporter writes `true` for a type with a converter of its own, and arguments are text and flags only.
            var node = new JsonObject { ["type"] = property.PropertyType == typeof(string) ? "string" : "boolean" };
            if (declared.GetCustomAttribute<DescriptionAttribute>() is { } description)
            {
                node["description"] = description.Description;
            }

            if (declared.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed)
            {
                node["enum"] = new JsonArray([.. allowed.Values.Select(v => (JsonNode?)v?.ToString())]);
            }

            if (declared.GetCustomAttribute<RequiredAttribute>() is not null)
            {
                required.Add(property.Name);
            }

            schema["properties"]![property.Name] = node;
        }

        schema["required"] = required;
        return schema;
    }
}
