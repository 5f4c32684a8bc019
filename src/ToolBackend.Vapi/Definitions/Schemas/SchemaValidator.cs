using System.Globalization;
using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Definitions.Schemas;

/// <summary>Holds a value against a schema. All problems at once; pure.</summary>
/// <remarks>
/// <c>null</c> stands for "clear this field" in the members of a body, whatever their schema says. A text with <c>${secret:NAME}</c> in it has no length and no
/// pattern yet.
/// </remarks>
internal sealed class SchemaValidator
{
    private readonly List<SchemaProblem> _problems = [];

    public static IReadOnlyList<SchemaProblem> Validate(JsonObject body, JsonSchema schema, string path = "")
    {
        var validator = new SchemaValidator();
        validator.Check(body, schema, path, isBody: true);
        return validator._problems;
    }

    private void Check(JsonNode? node, JsonSchema schema, string path, bool isBody = false)
    {
        if (schema.OneOf.Count > 0)
        {
            CheckUnion(node, schema, path, isBody);
            return;
        }

        var type = JsonTypesOf.Node(node);
        if ((schema.Types & type) != type)
        {
            var hint = type is JsonTypes.Integer or JsonTypes.Fraction && schema.Types.HasFlag(JsonTypes.String) ? "put it in quotes" : $"write {JsonTypesOf.Words(schema.Types)}";
            Add(path, Rules.SchemaType, $"{Leaf(path)} is {JsonTypesOf.Words(type)}, not {JsonTypesOf.Words(schema.Types)}", hint);
            return;
        }

        switch (node)
        {
            case JsonObject members: CheckObject(members, schema, path, isBody); break;
            case JsonArray items: CheckArray(items, schema, path); break;
            case JsonValue value when type is JsonTypes.String: CheckText(value.AsText()!, schema, path); break;
            case JsonValue value when type is JsonTypes.Integer or JsonTypes.Fraction: CheckNumber(value, schema, path); break;
        }
    }

    private void CheckUnion(JsonNode? node, JsonSchema union, string path, bool isBody)
    {
        var candidates = Branches.Candidates(union, node);
        if (candidates.Count == 1)
        {
            Check(node, candidates[0], path, isBody);
            return;
        }

        if (candidates.Count == 0)
        {
            CheckTag(node, union, path);
            return;
        }

        if (node is JsonObject members && Branches.TagOf(union) is var (tag, values) && !members.ContainsKey(tag) && union.OneOf.TrueForAll(b => b.Types != JsonTypes.Object || b.Required.Contains(tag)))
        {
            Add(path, Rules.SchemaRequired, $"{Leaf(path)} lacks {tag}", $"add {tag}: {Some(values)}");
            return;
        }

        // Nothing tells them apart: what fits best is what was meant.
        var best = candidates.Select(candidate => Attempt(node, candidate, path, isBody)).MinBy(problems => problems.Count)!;
        _problems.AddRange(best);
    }

    private void CheckTag(JsonNode? node, JsonSchema union, string path)
    {
        var types = union.OneOf.Aggregate(JsonTypes.None, (all, branch) => all | branch.Types);
        if ((types & JsonTypesOf.Node(node)) != JsonTypesOf.Node(node))
        {
            Add(path, Rules.SchemaType, $"{Leaf(path)} is {JsonTypesOf.Words(JsonTypesOf.Node(node))}, not {JsonTypesOf.Words(types)}", $"write {JsonTypesOf.Words(types)}");
        }
        else if (node is JsonObject members && Branches.TagOf(union) is var (tag, values) && members[tag] is JsonValue given && given.TryGetValue(out string? text))
        {
            NotAmong(JsonPaths.Member(path, tag), text, values);
        }
        else
        {
            Add(path, Rules.SchemaEnum, $"{Leaf(path)} is nothing that may stand here", "see vapi/schema for what may");
        }
    }

    private void CheckObject(JsonObject members, JsonSchema schema, string path, bool isBody)
    {
        foreach (var (name, value) in members)
        {
            var memberPath = JsonPaths.Member(path, name);
            if (schema.Members.TryGetValue(name, out var member))
            {
                if (member.Deprecated && value is not null)
                {
                    Add(memberPath, Rules.SchemaDeprecated, $"{name} is deprecated at Vapi", "see its description in vapi/schema for what replaced it", Severity.Warning, atKey: true);
                }
                if (value is not null || !isBody || schema.Required.Contains(name))
                {
                    Check(value, member.Schema, memberPath);
                }
            }
            else if (schema.Additional is { } additional)
            {
                Check(value, additional, memberPath);
            }
            else if (schema.Closed)
            {
                var near = NearestName.Of(name, schema.Members.Keys);
                Add(memberPath, Rules.SchemaUnknown, $"{Leaf(path)} has no field {name}", ReplacedFields.Advice(name) ?? (near is null ? "remove it, Vapi refuses what it does not know" : $"did you mean {near}?"), atKey: true);
            }
        }

        foreach (var name in schema.Required.Where(name => !members.ContainsKey(name)))
        {
            Add(path, Rules.SchemaRequired, $"{Leaf(path)} lacks {name}", $"add {name}");
        }
    }

    private void CheckArray(JsonArray items, JsonSchema schema, string path)
    {
        if (items.Count < schema.MinItems || items.Count > schema.MaxItems)
        {
            Add(path, Rules.SchemaLimit, $"{Leaf(path)} has {items.Count} entries, allowed are {Range(schema.MinItems, schema.MaxItems)}", $"keep to {Range(schema.MinItems, schema.MaxItems)}");
        }
        if (schema.Items is { } item)
        {
            for (var index = 0; index < items.Count; index++)
            {
                Check(items[index], item, JsonPaths.Item(path, index));
            }
        }
    }

    private void CheckText(string text, JsonSchema schema, string path)
    {
        if (Secrets.IsIn(text))
        {
            return;
        }
        if (schema.Enum is { } allowed && !allowed.Contains(text))
        {
            NotAmong(path, text, allowed);
        }
        if (text.Length < schema.MinLength || text.Length > schema.MaxLength)
        {
            Add(path, Rules.SchemaLimit, $"{Leaf(path)} has {text.Length} characters, allowed are {Range(schema.MinLength, schema.MaxLength)}", text.Length > schema.MaxLength ? $"shorten it by {text.Length - schema.MaxLength}" : "write more");
        }
        if (schema.Pattern is { } pattern && !pattern.IsMatch(text))
        {
            Add(path, Rules.SchemaPattern, $"{Leaf(path)} does not match {pattern}", $"write something that matches {pattern}");
        }
    }

    private void CheckNumber(JsonValue value, JsonSchema schema, string path)
    {
        var number = value.AsNumber();
        if (number < schema.Minimum || number > schema.Maximum)
        {
            Add(path, Rules.SchemaLimit, string.Create(CultureInfo.InvariantCulture, $"{Leaf(path)} is {number}, allowed are {Range(schema.Minimum, schema.Maximum)}"), $"keep to {Range(schema.Minimum, schema.Maximum)}");
        }
    }

    private void NotAmong(string path, string text, IReadOnlyList<string> allowed)
    {
        // A value that was pasted into the wrong place may be anything, also a secret: only what looks like a word is repeated.
        var said = text.Length <= 64 && !text.Contains(' ', StringComparison.Ordinal) ? $"{Leaf(path)}: {text} is not among the allowed values" : $"{Leaf(path)} is not among the allowed values";
        Add(path, Rules.SchemaEnum, said, NearestName.Of(text, allowed) is { } near ? $"did you mean {near}?" : $"write {Some(allowed)}");
    }

    private static List<SchemaProblem> Attempt(JsonNode? node, JsonSchema schema, string path, bool isBody)
    {
        var attempt = new SchemaValidator();
        attempt.Check(node, schema, path, isBody);
        return attempt._problems;
    }

    private void Add(string path, string rule, string message, string fix, Severity severity = Severity.Error, bool atKey = false) =>
        _problems.Add(new SchemaProblem(path, atKey, rule, message, fix, severity));

    private static string Leaf(string path) => path.Length == 0 ? "this" : path;

    private static string Some(IReadOnlyList<string> values) => values.Count <= 8 ? string.Join(", ", values) : $"one of {values.Count} values, such as {string.Join(", ", values.Take(6))}";

    private static string Range<T>(T? least, T? most) where T : struct, IFormattable => (least, most) switch
    {
        ({ } from, { } to) => string.Create(CultureInfo.InvariantCulture, $"{from} to {to}"),
        ({ } from, null) => string.Create(CultureInfo.InvariantCulture, $"{from} or more"),
        (null, { } to) => string.Create(CultureInfo.InvariantCulture, $"at most {to}"),
        _ => "",
    };
}
