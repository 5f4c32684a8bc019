using ToolBackend.Vapi.Definitions.Files;

namespace ToolBackend.Vapi.Definitions;

/// <summary>
/// Reads the definitions folder for one environment: <c>assistants/*.md</c> (front matter and prompt) or <c>.yaml</c>, <c>tools/*.yaml</c> and so on, and
/// <c>environments/NAME.yaml</c>. Files are also held against our schema (<c>schema/*.json</c>); everything else is the validator's.
/// </summary>
public static class DefinitionLoader
{
    /// <summary>
    /// All files, all errors at once, by file and place. The set is null when the environment could not be read; otherwise it holds whatever could be
    /// read, so that the validator can add its own. Files are never a reason for an exception.
    /// </summary>
    /// <param name="folder">The definitions folder, such as <c>vapi</c>.</param>
    /// <param name="environment">Name of a file in <c>environments/</c> without extension.</param>
    /// <param name="readEnvironmentVariable">The process environment, for <c>${env:NAME}</c>: null for an unset variable. Secrets are not read here.</param>
    public static (DefinitionSet? Definitions, IReadOnlyList<DefinitionError> Errors) Load(
        string folder, string environment, Func<string, string?> readEnvironmentVariable)
    {
        var findings = new Findings();
        if (!Directory.Exists(folder))
        {
            findings.Error(new SourceLocation(".", 1, 1), Rules.Folder, "the definitions folder does not exist", "name it with --definitions; toolbackend vapi pull --all makes one of what Vapi has");
            return (null, findings.Ordered());
        }
        if (EnvironmentReader.Read(folder, environment, readEnvironmentVariable, findings) is not { } settings)
        {
            return (null, findings.Ordered());
        }

        var variables = new Variables(settings, readEnvironmentVariable);
        var resources = new List<ResourceDefinition>();
        foreach (var file in DefinitionFiles.In(folder, findings))
        {
            if (SourceText.Read(file.Path, file.Name, findings) is { } source
                && ResourceReader.Read(source, file.Kind, file.Resource, variables, findings) is { } resource)
            {
                resources.Add(resource);
            }
        }
        return (new DefinitionSet(settings, resources), findings.Ordered());
    }

    /// <summary>Names of the environments that a folder has.</summary>
    public static IReadOnlyList<string> Environments(string folder) => EnvironmentReader.Known(folder);
}
