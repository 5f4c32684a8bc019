using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ToolBackend.LocalStack.Simulators.Vapi.Resources;

/// <summary>Validates a body as Vapi's API does: unknown members are refused, and every rule that is broken is said in class-validator's words.</summary>
internal sealed class ShapeCheck(ShapeTable table)
{
    private static readonly TimeSpan s_patternTimeout = TimeSpan.FromSeconds(1);

    private readonly List<string> _rules = [];

    /// <summary>Sentences of the broken rules, empty when the body is fine.</summary>
    public static IReadOnlyList<string> Run(ShapeTable table, Shape shape, JsonObject body)
    {
        var check = new ShapeCheck(table);
        check.Visit(shape, body, string.Empty);
        return check._rules;
    }

    private void Visit(Shape shape, JsonNode? value, string path)
    {
        switch (shape)
        {
            case Any: break;
            case Text text: VisitText(text, value, path); break;
            case Numeric number: VisitNumber(number, value, path); break;
            case Flag: Require(value is JsonValue && value.GetValueKind() is JsonValueKind.True or JsonValueKind.False, path, "must be a boolean value"); break;
            case FreeObject: Require(value is JsonObject, path, "must be an object"); break;
            case OneOfTexts values: Require(Has(values, value), path, "must be one of the following values: " + string.Join(", ", values.Values)); break;
            case ListOf list: VisitList(list, value, path); break;
            case Named named: VisitMembers(named, value, path); break;
            case ByMember union: VisitUnion(union, value, path); break;
            case Either either: VisitEither(either, value, path); break;
        }
    }

    private void VisitMembers(Named named, JsonNode? value, string path)
    {
        if (value is not JsonObject members)
        {
            Require(false, path, "must be an object");
            return;
        }

        var known = table[named.Name];
        foreach (var (name, member) in members)
        {
            if (!known.TryGetValue(name, out var shape))
            {
                _rules.Add($"{(path.Length == 0 ? string.Empty : path + ".")}property {name} should not exist");
            }
            else if (member is not null || shape.IsRequired)
            {
                Visit(shape.Shape, member, Join(path, name));
            }
        }

        foreach (var (name, shape) in known.Where(member => member.Value.IsRequired && !members.ContainsKey(member.Key)))
        {
            Visit(shape.Shape, null, Join(path, name));
        }
    }

    private void VisitUnion(ByMember union, JsonNode? value, string path)
    {
        if (value is not JsonObject members)
        {
            Require(false, path, "must be an object");
            return;
        }

        if (members[union.Member] is JsonValue choice && choice.TryGetValue<string>(out var name) && union.Cases.TryGetValue(name, out var shape))
        {
            Visit(shape, value, path);
            return;
        }

        Require(false, Join(path, union.Member), "must be one of the following values: " + string.Join(", ", union.Cases.Keys));
    }

    // Vapi tells such values apart by their form; what is told of a value that fits none is told of the form that it comes nearest to.
    private void VisitEither(Either either, JsonNode? value, string path)
    {
        IReadOnlyList<string>? nearest = null;
        foreach (var shape in either.Shapes)
        {
            var attempt = new ShapeCheck(table);
            attempt.Visit(shape, value, path);
            if (attempt._rules.Count == 0)
            {
                return;
            }

            if (nearest is null || attempt._rules.Count < nearest.Count)
            {
                nearest = attempt._rules;
            }
        }

        _rules.AddRange(nearest ?? []);
    }

    private void VisitList(ListOf list, JsonNode? value, string path)
    {
        if (value is not JsonArray items)
        {
            Require(false, path, "must be an array");
            return;
        }

        if (list.Item is OneOfTexts or Text { Pattern: null })
        {
            var each = new ShapeCheck(table);
            foreach (var item in items)
            {
                each.Visit(list.Item, item, "each value in " + path);
            }

            _rules.AddRange(each._rules.Distinct(StringComparer.Ordinal));
            return;
        }

        for (var i = 0; i < items.Count; i++)
        {
            Visit(list.Item, items[i], Join(path, i.ToString(CultureInfo.InvariantCulture)));
        }
    }

    private void VisitText(Text text, JsonNode? value, string path)
    {
        if (value is not JsonValue one || !one.TryGetValue<string>(out var given))
        {
            Require(false, path, "must be a string");
            return;
        }

        Require(given.Length >= (text.Shortest ?? 0), path, $"must be longer than or equal to {text.Shortest} characters");
        Require(given.Length <= (text.Longest ?? int.MaxValue), path, $"must be shorter than or equal to {text.Longest} characters");
        Require(text.Pattern is null || Regex.IsMatch(given, text.Pattern, RegexOptions.ECMAScript, s_patternTimeout), path, $"must match /{text.Pattern}/ regular expression");
    }

    private void VisitNumber(Numeric number, JsonNode? value, string path)
    {
        if (value is not JsonValue || value.GetValueKind() != JsonValueKind.Number)
        {
            Require(false, path, "must be a number conforming to the specified constraints");
            return;
        }

        var given = double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);
        Require(given >= (number.Least ?? double.MinValue), path, string.Create(CultureInfo.InvariantCulture, $"must not be less than {number.Least}"));
        Require(given <= (number.Most ?? double.MaxValue), path, string.Create(CultureInfo.InvariantCulture, $"must not be greater than {number.Most}"));
    }

    // Some closed lists hold numbers: 1 and "1" are written alike in the table.
    private static bool Has(OneOfTexts values, JsonNode? value) =>
        value is JsonValue && value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number && values.Values.Contains(value.ToString(), StringComparer.Ordinal);

    private void Require(bool holds, string path, string rule)
    {
        if (!holds)
        {
            _rules.Add($"{path} {rule}");
        }
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : path + "." + name;
}
