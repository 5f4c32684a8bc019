using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ToolBackend.Vapi.Definitions;

/// <summary>
/// Secrets in definitions are names of process environment variables, written <c>${secret:NAME}</c>. The text stays in bodies, plans, state and
/// snapshots; the value is filled in on the way into a request and exists nowhere else.
/// </summary>
public static partial class Secrets
{
    /// <summary>Names of all variables that the body needs, each once, in order of appearance.</summary>
    public static IReadOnlyList<string> NamesIn(JsonNode body) =>
        [.. JsonPaths.Walk(body).SelectMany(entry => TextOf(entry.Node) is { } text ? Form().Matches(text).Select(m => m.Groups["name"].Value) : []).Distinct(StringComparer.Ordinal)];

    /// <summary>A copy with values in place of names, for the request only.</summary>
    /// <exception cref="SecretUnsetException">A variable is unset or empty.</exception>
    public static JsonObject FillIn(JsonObject body, Func<string, string?> readEnvironmentVariable)
    {
        var copy = (JsonObject)body.DeepClone();
        foreach (var (_, node) in JsonPaths.Walk(copy).ToList())
        {
            if (TextOf(node) is { } text && Form().IsMatch(text))
            {
                node!.ReplaceWith(Form().Replace(text, match => readEnvironmentVariable(match.Groups["name"].Value) is { Length: > 0 } value
                    ? value
                    : throw new SecretUnsetException(match.Groups["name"].Value)));
            }
        }
        return copy;
    }

    /// <summary>Whether a text names a secret.</summary>
    public static bool IsIn(string text) => text.Contains("${secret:", StringComparison.Ordinal) && Form().IsMatch(text);

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    [GeneratedRegex(@"\$\{secret:(?<name>[A-Za-z_][A-Za-z0-9_]*)\}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}

/// <summary>A secret that a request needs is not in the process environment.</summary>
public sealed class SecretUnsetException(string variable) : Exception($"{variable} is not set in the environment of this process.")
{
    public string Variable { get; } = variable;
}
