using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions.Checks;
using ToolBackend.Vapi.Definitions.Schemas;

namespace ToolBackend.Vapi.Definitions.Files;

/// <summary>Reads one file of <c>environments/</c>.</summary>
internal static class EnvironmentReader
{
    public const string Folder = "environments";

    /// <summary>Null when the environment does not exist or is not YAML.</summary>
    public static EnvironmentSettings? Read(string folder, string name, Func<string, string?> readEnvironmentVariable, Findings findings)
    {
        var file = $"{Folder}/{name}.yaml";
        var known = Known(folder);
        if (!known.Contains(name))
        {
            var there = known.Count == 0 ? "there are none" : "there are " + string.Join(", ", known);
            findings.Error(new SourceLocation(file, 1, 1), Rules.Environment, $"no environment {Shown(name)} ({there})", NearestName.Of(name, known) is { } near ? $"did you mean {near}?" : $"write {Folder}/NAME.yaml");
            return null;
        }

        if (SourceText.Read(Path.Combine(folder, Folder, name + ".yaml"), file, findings) is not { } source)
        {
            return null;
        }
        var places = new Places();
        if (YamlReader.Read(source, source.Content, 0, places, findings) is not { } root)
        {
            return null;
        }

        // Variables cannot name variables: what one stands for is plain to see.
        new Variables(new EnvironmentSettings(name), readEnvironmentVariable).FillIn(root, "", places, findings);
        var map = places.ToMap(source.Start);
        foreach (var (path, node) in JsonPaths.Walk(root))
        {
            if ((map.WrittenAt(path) ?? node.AsText()) is { } written && SecretCheck.KeyIn(written) is { } at)
            {
                findings.Error(map.Inside(path, written, at), Rules.Secret, "this looks like a key or a password", "write ${secret:NAME} where it is used, and revoke the key if it was ever committed");
            }
        }
        ShapeCheck.Report(root, DefinitionSchemas.Environment, map, findings);
        return Settings(name, root, map, findings);
    }

    /// <summary>Names of all environments of a folder, in order.</summary>
    public static IReadOnlyList<string> Known(string folder)
    {
        var path = Path.Combine(folder, Folder);
        return Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)] : [];
    }

    private static EnvironmentSettings Settings(string name, JsonObject root, SourceMap map, Findings findings)
    {
        var settings = new EnvironmentSettings(name);
        return settings with
        {
            VapiBaseUrl = Url("vapi.baseUrl", settings.VapiBaseUrl),
            VapiKeyVariable = root.TextAt("vapi.keyVariable") ?? settings.VapiKeyVariable,
            VapiRequestsPerSecond = root.NumberAt("vapi.requestsPerSecond") ?? settings.VapiRequestsPerSecond,
            ManagesCredentials = root.FlagAt("vapi.manageCredentials") ?? false,
            TwilioBaseUrl = Url("twilio.baseUrl", settings.TwilioBaseUrl),
            TwilioTokenVariable = root.TextAt("twilio.tokenVariable") ?? settings.TwilioTokenVariable,
            AllowsLoopback = root.FlagAt("allowLoopback") ?? false,
            Lenient = Lenient(),
            Variables = root["variables"] is JsonObject variables
                ? variables.Where(v => v.Value is JsonValue).ToDictionary(v => v.Key, v => v.Value!.AsValue(), StringComparer.Ordinal)
                : settings.Variables,
        };

        Uri Url(string path, Uri otherwise)
        {
            if (root.TextAt(path) is not { } text)
            {
                return otherwise;
            }
            if (Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)))
            {
                return url;
            }
            findings.Error(map.Of(path), Rules.ServerUrl, $"{path} is not an https URL", "write https://...; http is for 127.0.0.1 only");
            return otherwise;
        }

        IReadOnlyList<string> Lenient()
        {
            var rules = new List<string>();
            foreach (var (rule, path) in root.TextsAt("lenient"))
            {
                if (Rules.Practice.Contains(rule))
                {
                    rules.Add(rule);
                }
                else
                {
                    findings.Error(map.Of(path), Rules.Environment, Rules.All.Contains(rule) ? $"{rule} cannot be made lenient: Vapi or the code would refuse" : $"no rule {Shown(rule)}",
                        NearestName.Of(rule, Rules.Practice) is { } near ? $"did you mean {near}?" : "remove it");
                }
            }
            return rules;
        }
    }

    private static string Shown(string name) => name.Length <= 64 ? name : name[..64] + "...";
}
