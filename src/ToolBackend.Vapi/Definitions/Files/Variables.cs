using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ToolBackend.Vapi.Definitions.Files;

/// <summary>
/// Fills in <c>${...}</c>: <c>${name}</c> a variable of the environment, <c>${environment}</c> its name, <c>${env:NAME}</c> and <c>${env:NAME|default}</c> the process
/// environment. <c>${secret:NAME}</c> stays as it is (see <see cref="Secrets"/>); <c>$${</c> stands for <c>${</c>.
/// </summary>
/// <remarks>A value that is nothing but one <c>${name}</c> takes the variable's type, so numbers stay numbers.</remarks>
internal sealed partial class Variables(EnvironmentSettings environment, Func<string, string?> readEnvironmentVariable)
{
    /// <summary>Fills in every text below, in place.</summary>
    public void FillIn(JsonObject members, string path, Places places, Findings findings)
    {
        foreach (var (name, value) in members.ToList())
        {
            var memberPath = JsonPaths.Member(path, name);
            if (Filled(value, memberPath, places, findings) is { } filled)
            {
                members[name] = filled;
            }
        }
    }

    /// <summary>A text as it is sent.</summary>
    public string FillIn(string text, string path, Places places, Findings findings)
    {
        if (!text.Contains("${", StringComparison.Ordinal))
        {
            return text;
        }
        var filled = Replace(text, path, places, findings);
        if (filled != text)
        {
            places.Written[path] = text;
        }
        return filled;
    }

    /// <summary>The value to put in place of this one; null when nothing changes.</summary>
    private JsonNode? Filled(JsonNode? node, string path, Places places, Findings findings)
    {
        switch (node)
        {
            case JsonObject members:
                FillIn(members, path, places, findings);
                return null;
            case JsonArray items:
                for (var index = 0; index < items.Count; index++)
                {
                    if (Filled(items[index], JsonPaths.Item(path, index), places, findings) is { } item)
                    {
                        items[index] = item;
                    }
                }
                return null;
            case JsonValue value when value.TryGetValue(out string? text) && text.Contains("${", StringComparison.Ordinal):
                if (Whole().Match(text) is { Success: true } whole && environment.Variables.TryGetValue(whole.Groups["name"].Value, out var variable))
                {
                    places.Written[path] = text;
                    return variable.DeepClone();
                }
                var filled = FillIn(text, path, places, findings);
                return filled == text ? null : JsonValue.Create(filled);
            default:
                return null;
        }
    }

    private string Replace(string text, string path, Places places, Findings findings)
    {
        var result = new StringBuilder(text.Length + 64);
        var at = 0;
        while (text.IndexOf("${", at, StringComparison.Ordinal) is >= 0 and var dollar)
        {
            if (dollar > at && text[dollar - 1] == '$')
            {
                result.Append(text, at, dollar - 1 - at).Append("${");
                at = dollar + 2;
                continue;
            }

            result.Append(text, at, dollar - at);
            var end = text.IndexOf('}', dollar);
            var form = end < 0 ? null : Form().Match(text[(dollar + 2)..end]);
            if (form is null or { Success: false })
            {
                findings.Error(Place(dollar), Rules.Variable, "${ is not followed by a variable and }", "write ${name}, ${env:NAME|default} or ${secret:NAME}; $${ for the characters themselves");
                result.Append("${");
                at = dollar + 2;
                continue;
            }

            result.Append(Value(form, text[dollar..(end + 1)], Place(dollar), findings));
            at = end + 1;
        }
        return result.Append(text, at, text.Length - at).ToString();

        SourceLocation Place(int offset) => places.Texts.TryGetValue(path, out var origin) ? origin.At(text, offset) : places.Values.GetValueOrDefault(path);
    }

    private string Value(Match form, string written, SourceLocation at, Findings findings)
    {
        var name = form.Groups["name"].Value;
        switch (form.Groups["kind"].Value)
        {
            case "secret:":
                if (form.Groups["default"].Success)
                {
                    findings.Error(at, Rules.Variable, "a secret has no default", $"write ${{secret:{name}}}");
                }
                return written;
            case "env:":
                if (readEnvironmentVariable(name) is { Length: > 0 } value)
                {
                    return value;
                }
                if (form.Groups["default"] is { Success: true } fallback)
                {
                    return fallback.Value;
                }
                findings.Error(at, Rules.Variable, $"{name} is not set in the environment of this process", $"set {name}, or give a default: ${{env:{name}|...}}");
                return "";
            default:
                if (form.Groups["default"].Success)
                {
                    findings.Error(at, Rules.Variable, "only ${env:NAME|default} has a default", $"write ${{{name}}}");
                    return written;
                }
                if (name == "environment")
                {
                    return environment.Name;
                }
                if (environment.Variables.TryGetValue(name, out var variable))
                {
                    return variable.ToString();
                }
                var near = NearestName.Of(name, environment.Variables.Keys);
                findings.Error(at, Rules.Variable, $"no variable {name} in environments/{environment.Name}.yaml", near is null ? $"add {name} to its variables" : $"did you mean ${{{near}}}?");
                return written;
        }
    }

    [GeneratedRegex(@"^\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Whole();

    [GeneratedRegex(@"^(?<kind>secret:|env:)?(?<name>[A-Za-z_][A-Za-z0-9_]*)(\|(?<default>.*))?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
