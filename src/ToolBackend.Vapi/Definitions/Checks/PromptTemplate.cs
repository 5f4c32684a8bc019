using System.Text.RegularExpressions;

namespace ToolBackend.Vapi.Definitions.Checks;

/// <summary>What a text asks the template engine (Liquid) for.</summary>
/// <param name="Variables">First name of each <c>{{ }}</c> that is not a literal, and where the name stands.</param>
/// <param name="Filters">Each filter, and where it stands.</param>
/// <param name="Assigned">Names that the text gives values itself.</param>
/// <param name="FirstTag">Where the first <c>{% %}</c> stands.</param>
/// <param name="Unclosed">Where a <c>{{</c> stands that never ends.</param>
internal sealed partial record PromptTemplate(
    IReadOnlyList<(string Name, int At)> Variables, IReadOnlyList<(string Name, int At)> Filters, IReadOnlySet<string> Assigned, int? FirstTag, int? Unclosed)
{
    public static PromptTemplate? Of(string text)
    {
        if (!text.Contains("{{", StringComparison.Ordinal) && !text.Contains("{%", StringComparison.Ordinal))
        {
            return null;
        }

        var variables = new List<(string, int)>();
        var filters = new List<(string, int)>();
        int? unclosed = null;
        for (var open = text.IndexOf("{{", StringComparison.Ordinal); open >= 0; open = text.IndexOf("{{", open + 2, StringComparison.Ordinal))
        {
            var close = text.IndexOf("}}", open, StringComparison.Ordinal);
            if (close < 0)
            {
                unclosed = open;
                break;
            }

            var inside = text[(open + 2)..close];
            if (FirstName().Match(inside) is { Success: true } name)
            {
                var group = name.Groups["name"];
                variables.Add((group.Value, open + 2 + group.Index));
            }
            filters.AddRange(Filter().Matches(Quoted().Replace(inside, quoted => new string(' ', quoted.Length))).Select(f => (f.Groups["name"].Value, open + 2 + f.Groups["name"].Index)));
        }

        var assigned = Assignment().Matches(text).Select(a => a.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        var tag = text.IndexOf("{%", StringComparison.Ordinal);
        return new PromptTemplate(variables, filters, assigned, tag < 0 ? null : tag, unclosed);
    }

    [GeneratedRegex(@"^[\s-]*(?<name>[A-Za-z_$][A-Za-z0-9_$-]*)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FirstName();

    [GeneratedRegex(@"\|\s*(?<name>[A-Za-z_][A-Za-z0-9_]*)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Filter();

    [GeneratedRegex("\"[^\"]*\"|'[^']*'", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\{%-?\s*(assign|capture|for|increment|decrement)\s+(?<name>[A-Za-z_][A-Za-z0-9_-]*)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Assignment();
}
