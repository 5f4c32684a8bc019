using System.Text.Json;
using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Definitions.Schemas;

[Flags]
internal enum JsonTypes
{
    None = 0,
    Null = 1,
    Boolean = 2,
    Integer = 4,

    Fraction = 8,

    /// <summary>Any number, whole ones included.</summary>
    Number = Integer | Fraction,
    String = 16,
    Array = 32,
    Object = 64,
    Any = Null | Boolean | Number | String | Array | Object,
}

internal static class JsonTypesOf
{
    public static JsonTypes Node(JsonNode? node) => node?.GetValueKind() switch
    {
        null or JsonValueKind.Null => JsonTypes.Null,
        JsonValueKind.True or JsonValueKind.False => JsonTypes.Boolean,
        JsonValueKind.Number => IsWhole(node) ? JsonTypes.Integer : JsonTypes.Fraction,
        JsonValueKind.String => JsonTypes.String,
        JsonValueKind.Array => JsonTypes.Array,
        JsonValueKind.Object => JsonTypes.Object,
        _ => JsonTypes.None,
    };

    public static JsonTypes Named(string? word) => word switch
    {
        "null" => JsonTypes.Null,
        "boolean" => JsonTypes.Boolean,
        "integer" => JsonTypes.Integer,
        "number" => JsonTypes.Number,
        "string" => JsonTypes.String,
        "array" => JsonTypes.Array,
        "object" => JsonTypes.Object,
        _ => JsonTypes.None,
    };

    /// <summary>As a reader of YAML would call it: "text or a list".</summary>
    public static string Words(JsonTypes types)
    {
        var words = new List<string>();
        Add(JsonTypes.String, "text");
        Add(JsonTypes.Number, "a number");
        if ((types & JsonTypes.Number) is JsonTypes.Integer or JsonTypes.Fraction)
        {
            words.Add(types.HasFlag(JsonTypes.Integer) ? "a whole number" : "a number with decimals");
        }
        Add(JsonTypes.Boolean, "true or false");
        Add(JsonTypes.Array, "a list");
        Add(JsonTypes.Object, "a mapping");
        Add(JsonTypes.Null, "null");
        return string.Join(" or ", words);

        void Add(JsonTypes type, string word)
        {
            if ((types & type) == type)
            {
                words.Add(word);
            }
        }
    }

    private static bool IsWhole(JsonNode node) => node.AsNumber() is { } number && Math.Floor(number) == number;
}
