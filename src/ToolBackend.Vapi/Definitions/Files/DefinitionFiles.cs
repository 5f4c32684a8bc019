using System.Text.RegularExpressions;

namespace ToolBackend.Vapi.Definitions.Files;

/// <summary>One definition file.</summary>
/// <param name="Path">On this machine.</param>
/// <param name="Name">Relative to the definitions folder.</param>
/// <param name="Resource">The resource's name: the file's, without extension.</param>
internal sealed record DefinitionFile(string Path, string Name, ResourceKind Kind, string Resource);

/// <summary>Finds the definition files of a folder.</summary>
internal static partial class DefinitionFiles
{
    private static readonly string[] s_other = [EnvironmentReader.Folder, "schema", "state"];

    /// <summary>In order of kind and name, each resource once.</summary>
    public static IReadOnlyList<DefinitionFile> In(string folder, Findings findings)
    {
        var files = new List<DefinitionFile>();
        foreach (var kind in ResourceKinds.All.Where(kind => Directory.Exists(System.IO.Path.Combine(folder, kind.Folder()))))
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var path in Directory.EnumerateFiles(System.IO.Path.Combine(folder, kind.Folder())).Order(StringComparer.Ordinal))
            {
                if (Named(path, kind, findings) is { } file)
                {
                    if (seen.Add(file.Resource))
                    {
                        files.Add(file);
                    }
                    else
                    {
                        findings.Error(new SourceLocation(file.Name, 1, 1), Rules.Name, $"another file defines the {kind.Noun()} {file.Resource} already", "rename or remove one of them");
                    }
                }
            }
        }

        WarnOfMistypedFolders(folder, findings);
        if (files.Count == 0)
        {
            findings.Error(new SourceLocation(".", 1, 1), Rules.Folder, "the folder holds no definitions", "write assistants/NAME.md, tools/NAME.yaml, ..., or have toolbackend vapi pull --all write what Vapi has; --definitions names another folder");
        }
        return files;
    }

    private static DefinitionFile? Named(string path, ResourceKind kind, Findings findings)
    {
        var fileName = System.IO.Path.GetFileName(path);
        if (fileName.StartsWith('.'))
        {
            return null;
        }

        var name = $"{kind.Folder()}/{fileName}";
        var extension = System.IO.Path.GetExtension(fileName);
        if (extension is not (".yaml" or ".yml") && !(extension == ".md" && kind is ResourceKind.Assistant))
        {
            findings.Warning(new SourceLocation(name, 1, 1), Rules.File, "not a definition file; ignored", kind is ResourceKind.Assistant ? "definitions end in .md or .yaml" : "definitions end in .yaml");
            return null;
        }

        var resource = System.IO.Path.GetFileNameWithoutExtension(fileName);
        if (!Form().IsMatch(resource))
        {
            findings.Error(new SourceLocation(name, 1, 1), Rules.Name, "this file name cannot be a resource's name", "use at most 64 letters, digits, dots, - and _");
            return null;
        }
        return new DefinitionFile(path, name, kind, resource);
    }

    private static void WarnOfMistypedFolders(string folder, Findings findings)
    {
        var known = ResourceKinds.All.Select(kind => kind.Folder()).Concat(s_other).ToList();
        foreach (var name in Directory.EnumerateDirectories(folder).Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal))
        {
            if (!known.Contains(name!) && NearestName.Of(name!, known) is { } near)
            {
                findings.Warning(new SourceLocation(name!, 1, 1), Rules.Folder, $"the folder {name} is not read", $"did you mean {near}?");
            }
        }
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
