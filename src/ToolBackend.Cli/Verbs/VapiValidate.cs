using System.CommandLine;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Definitions.OpenApi;

namespace ToolBackend.Cli.Verbs;

/// <summary><c>toolbackend vapi validate</c>: all rules over the definitions of one environment. Offline, changes nothing.</summary>
internal static class VapiValidate
{
    private static readonly Option<string?> Specification = new("--spec")
    {
        Description = "Vapi's OpenAPI document (a file), to hold everything against as well",
        HelpName = "file",
    };

    public static Command Command() => new Command("validate", "Check the definitions of one environment, offline. Exit 0: valid, 4: errors. Warnings do not fail.")
    {
        Specification,
    }.Does("vapi validate", (parsed, console, _) =>
    {
        var folder = parsed.GetValue(VapiCommands.Folder)!;
        var environment = parsed.GetValue(VapiCommands.Environment)!;
        var options = new ValidationOptions { ToolSchemas = CatalogSchemas.Read(), OpenApi = Open(parsed.GetValue(Specification)) };
        var (definitions, findings) = Check(folder, environment, options);

        foreach (var finding in findings)
        {
            Report(console, folder, finding);
        }

        var errors = findings.Count(f => f.Severity is Severity.Error);
        var warnings = findings.Count - errors;
        var resources = definitions?.Resources.Count ?? 0;
        console.Object(new { type = "summary", environment, resources, errors, warnings, valid = errors == 0 });
        console.Line(
            errors > 0 ? $"{environment}: {Count(errors, "error")}, {Count(warnings, "warning")}" : $"{environment}: {Count(resources, "resource")} valid" + (warnings > 0 ? $", {Count(warnings, "warning")}" : ""),
            errors > 0 ? Tone.Bad : Tone.Good);
        return Task.FromResult(errors > 0 ? ExitCodes.InvalidDefinitions : ExitCodes.Ok);
    });

    /// <summary>Loads and checks; the findings of both, by file and place.</summary>
    public static (DefinitionSet? Definitions, IReadOnlyList<DefinitionError> Findings) Check(string folder, string environment, ValidationOptions options)
    {
        var (definitions, errors) = DefinitionLoader.Load(folder, environment, System.Environment.GetEnvironmentVariable);
        return (definitions, definitions is null ? errors : DefinitionError.Ordered(errors.Concat(DefinitionValidator.Validate(definitions, options))));
    }

    /// <summary>One finding, with a place that terminals and editors can jump to.</summary>
    public static void Report(CliConsole console, string folder, DefinitionError finding)
    {
        var file = Path.Combine(folder, finding.At.File).Replace('\\', '/');
        var severity = finding.Severity is Severity.Error ? "error" : "warning";
        console.Object(new { type = "finding", severity, file, line = finding.At.Line, column = finding.At.Column, rule = finding.Rule, message = finding.Message, fix = finding.Fix });
        console.Result($"{file}:{finding.At.Line}:{finding.At.Column}: {severity} {finding.Rule}: {finding.Message}", finding.Severity is Severity.Error ? Tone.Bad : Tone.Warning);
        console.Result($"    fix: {finding.Fix}");
    }

    private static OpenApiDocument? Open(string? path)
    {
        try
        {
            return path is null ? null : OpenApiDocument.Load(path);
        }
        catch (InvalidDataException refused)
        {
            throw new CliException(refused.Message, "name a copy of https://api.vapi.ai/api-json");
        }
    }

    private static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
