using ToolBackend.Vapi.Definitions.Schemas;

namespace ToolBackend.Vapi.Definitions.OpenApi;

/// <summary>Where our schema and Vapi's say different things about names, types, enums or limits.</summary>
/// <param name="At">Our schema's name, such as <c>groqModel.maxTokens</c>.</param>
internal sealed record SchemaDifference(string At, string Message);

/// <summary>Walks our schema and Vapi's side by side. What ours leaves open (<c>additionalProperties: true</c>) is not compared. Pure.</summary>
internal sealed class SchemaComparison
{
    private static readonly string[] s_tags = ["provider", "type", "on", "mode", "role"];

    private readonly List<SchemaDifference> _differences = [];
    private readonly HashSet<(JsonSchema, JsonSchema)> _seen = [];

    public static IReadOnlyList<SchemaDifference> Compare(JsonSchema ours, JsonSchema theirs)
    {
        var comparison = new SchemaComparison();
        comparison.Visit(ours, theirs);
        return comparison._differences;
    }

    private void Visit(JsonSchema ours, JsonSchema theirs)
    {
        if (!_seen.Add((ours, theirs)) || theirs is { Types: JsonTypes.Any, OneOf.Count: 0 })
        {
            return;
        }

        // A union of one is that one.
        if (theirs.OneOf.Count == 1 && ours.OneOf.Count == 0)
        {
            Visit(ours, theirs.OneOf[0]);
            return;
        }

        if (ours.OneOf.Count > 0 || theirs.OneOf.Count > 0)
        {
            Unions(ours, theirs);
            return;
        }

        if (ours.Types != theirs.Types)
        {
            Differ(ours, $"is {JsonTypesOf.Words(ours.Types)}, in the document {JsonTypesOf.Words(theirs.Types)}");
            return;
        }
        if (!SameTexts(ours.Enum, theirs.Enum))
        {
            Differ(ours, $"has other values than the document: {Delta(ours.Enum, theirs.Enum)}");
        }

        Limit(ours, "minimum", ours.Minimum, theirs.Minimum);
        Limit(ours, "maximum", ours.Maximum, theirs.Maximum);
        Limit(ours, "minLength", ours.MinLength, theirs.MinLength);
        Limit(ours, "maxLength", ours.MaxLength, theirs.MaxLength);
        Limit(ours, "minItems", ours.MinItems, theirs.MinItems);
        Limit(ours, "maxItems", ours.MaxItems, theirs.MaxItems);
        if (theirs.Pattern is { } pattern && ours.Pattern?.ToString() != pattern.ToString())
        {
            Differ(ours, $"has another pattern than the document's {pattern}");
        }

        if (ours.Items is { } item && theirs.Items is { } theirItem)
        {
            Visit(item, theirItem);
        }
        if (ours.Closed)
        {
            Members(ours, theirs);
        }
    }

    private void Members(JsonSchema ours, JsonSchema theirs)
    {
        foreach (var (name, member) in ours.Members.Where(m => !m.Value.Own))
        {
            if (theirs.Members.TryGetValue(name, out var other))
            {
                Visit(member.Schema, other.Schema);
            }
            else
            {
                Differ(ours, $"has a field {name} that the document does not have");
            }
        }
        foreach (var name in theirs.Members.Keys.Where(name => !ours.Members.ContainsKey(name)))
        {
            Differ(ours, $"lacks the document's field {name}");
        }
        if (!ours.Required.ToHashSet(StringComparer.Ordinal).SetEquals(theirs.Required))
        {
            Differ(ours, $"requires other fields than the document: {Delta(ours.Required, theirs.Required)}");
        }
    }

    private void Unions(JsonSchema ours, JsonSchema theirs)
    {
        if (ours.OneOf.Count == 0)
        {
            var types = theirs.OneOf.Aggregate(JsonTypes.None, (all, branch) => all | branch.Types);
            if ((ours.Types & types) != ours.Types)
            {
                Differ(ours, $"is {JsonTypesOf.Words(ours.Types)}, in the document {JsonTypesOf.Words(types)}");
            }
            return;
        }

        foreach (var (branch, index) in ours.OneOf.Select((branch, index) => (branch, index)))
        {
            if (branch.Types == JsonTypes.Object && !branch.Closed)
            {
                continue; // what we leave open; the tags are compared below
            }
            var same = theirs.OneOf.Where(other => other.Types == branch.Types && s_tags.All(tag => SameTexts(Tag(branch, tag), Tag(other, tag)))).ToList();
            var partner = same.Find(other => SameTexts(other.Enum, branch.Enum) && other.Members.Keys.ToHashSet(StringComparer.Ordinal).SetEquals(branch.Members.Where(m => !m.Value.Own).Select(m => m.Key))) ?? same.FirstOrDefault();
            if (partner is null)
            {
                Differ(branch, "has no counterpart in the document");
            }
            else
            {
                Visit(branch, partner);
            }
        }

        foreach (var tag in s_tags)
        {
            var known = AllOf(ours, tag);
            var unknown = AllOf(theirs, tag).Except(known, StringComparer.Ordinal).ToList();
            if (known.Count > 0 && unknown.Count > 0)
            {
                Differ(ours, $"lacks {tag} {string.Join(", ", unknown)}");
            }
        }
    }

    private static HashSet<string> AllOf(JsonSchema union, string tag) => union.OneOf.SelectMany(branch => Tag(branch, tag) ?? []).ToHashSet(StringComparer.Ordinal);

    private static List<string>? Tag(JsonSchema branch, string tag) => branch.Members.GetValueOrDefault(tag)?.Schema.Enum;

    private static bool SameTexts(List<string>? a, List<string>? b) => a is null ? b is null : b is not null && a.ToHashSet(StringComparer.Ordinal).SetEquals(b);

    private static string Delta(IReadOnlyList<string>? ours, IReadOnlyList<string>? theirs)
    {
        var here = (ours ?? []).Except(theirs ?? [], StringComparer.Ordinal).Select(v => "+" + v);
        var there = (theirs ?? []).Except(ours ?? [], StringComparer.Ordinal).Select(v => "-" + v);
        return string.Join(", ", here.Concat(there).Take(10));
    }

    private void Limit<T>(JsonSchema at, string name, T? ours, T? theirs) where T : struct
    {
        if (!Nullable.Equals(ours, theirs))
        {
            Differ(at, $"has {name} {ours?.ToString() ?? "none"}, the document {theirs?.ToString() ?? "none"}");
        }
    }

    private void Differ(JsonSchema at, string message) => _differences.Add(new SchemaDifference(at.Name, message));
}
