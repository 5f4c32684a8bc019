using ToolBackend.Vapi.Definitions;

namespace ToolBackend.Cli.Pulling;

/// <summary>The first <c>environments/NAME.yaml</c> of somebody who has assistants at Vapi and no files yet.</summary>
internal static class NewEnvironment
{
    /// <summary>Whether a folder has neither environments nor definitions, or does not exist.</summary>
    public static bool IsNeededIn(string folder) =>
        DefinitionLoader.Environments(folder).Count == 0 && !ResourceKinds.All.Any(kind => Directory.Exists(Path.Combine(folder, kind.Folder())) && Directory.EnumerateFiles(Path.Combine(folder, kind.Folder())).Any());

    public static string FileOf(string name) => $"environments/{name}.yaml";

    /// <param name="lenient">Rules of good practice that the definitions break.</param>
    public static string Text(IReadOnlyCollection<string> lenient) => $$"""
        # Made by toolbackend vapi pull --all. What variables: says here stands for ${name} in the definitions.
        vapi:
          baseUrl: ${env:VAPI_BASE_URL|https://api.vapi.ai}
        twilio:
          baseUrl: ${env:TWILIO_BASE_URL|https://api.twilio.com}
        {{(lenient.Count == 0 ? "" : $"""
            # Good practice that the definitions did not follow at Vapi: told as warnings. Take a rule out once toolbackend vapi validate no longer names it.
            lenient: [{string.Join(", ", lenient)}]

            """)}}
        """.TrimEnd() + "\n";

    /// <summary>The rules that would have to be lenient; of other errors, none can be.</summary>
    public static IReadOnlyList<string> Lenient(IEnumerable<DefinitionError> findings) =>
        [.. findings.Where(finding => finding.Severity is Severity.Error && Rules.Practice.Contains(finding.Rule)).Select(finding => finding.Rule).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
