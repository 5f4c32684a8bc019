using System.Globalization;
using System.Text.Json.Nodes;

namespace ToolBackend.LocalStack.Simulators.Vapi.Resources;

/// <summary>
/// What a value may be. Written in <c>shapes.json</c> as:
/// <code>
/// "any" "text" "text 1..40" "number" "number 0..2" "flag" "object"     kinds, with limits
/// ["a","b"]                                                            one of these texts
/// {"text":"..64","pattern":"^x"}                                       a text of a form
/// {"list":SHAPE}  {"of":"NAME"}                                        array; members of a named shape
/// {"by":"provider","cases":{"groq":SHAPE}}                             by the value of a member
/// {"either":[SHAPE,SHAPE]}                                             by the kind of value
/// </code>
/// </summary>
internal abstract record Shape
{
    public static Shape Parse(JsonNode? node) => node switch
    {
        JsonValue text => Kind(text.GetValue<string>()),
        JsonArray values => new OneOfTexts([.. values.Select(value => value!.GetValue<string>())]),
        JsonObject shape when shape.ContainsKey("text") => Kind("text " + shape["text"]!.GetValue<string>()) is Text text ? text with { Pattern = shape["pattern"]!.GetValue<string>() } : throw Unreadable(shape),
        JsonObject shape when shape.ContainsKey("list") => new ListOf(Parse(shape["list"])),
        JsonObject shape when shape.ContainsKey("of") => new Named(shape["of"]!.GetValue<string>()),
        JsonObject shape when shape.ContainsKey("by") => new ByMember(
            shape["by"]!.GetValue<string>(), shape["cases"]!.AsObject().ToDictionary(member => member.Key, member => Parse(member.Value), StringComparer.Ordinal)),
        JsonObject shape when shape.ContainsKey("either") => new Either([.. shape["either"]!.AsArray().Select(Parse)]),
        _ => throw Unreadable(node),
    };

    private static Shape Kind(string text)
    {
        var words = text.Split(' ');
        var limits = words is [_, var range] ? range.Split("..") : ["", ""];
        double? least = Number(limits[0]), most = Number(limits[^1]);
        return words[0] switch
        {
            "any" => new Any(),
            "flag" => new Flag(),
            "object" => new FreeObject(),
            "number" => new Numeric(least, most),
            "text" => new Text((int?)least, (int?)most, null),
            _ => throw Unreadable(text),
        };
    }

    private static double? Number(string text) => text.Length == 0 ? null : double.Parse(text, CultureInfo.InvariantCulture);

    private static FormatException Unreadable(object? what) => new($"No shape: {what}");
}

internal sealed record Any : Shape;

internal sealed record Flag : Shape;

internal sealed record FreeObject : Shape;

internal sealed record Numeric(double? Least, double? Most) : Shape;

internal sealed record Text(int? Shortest, int? Longest, string? Pattern) : Shape;

internal sealed record OneOfTexts(IReadOnlyList<string> Values) : Shape;

internal sealed record ListOf(Shape Item) : Shape;

internal sealed record Named(string Name) : Shape;

internal sealed record ByMember(string Member, IReadOnlyDictionary<string, Shape> Cases) : Shape;

internal sealed record Either(IReadOnlyList<Shape> Shapes) : Shape;

/// <summary>Members of a named shape.</summary>
internal sealed record ShapeMember(Shape Shape, bool IsRequired);
