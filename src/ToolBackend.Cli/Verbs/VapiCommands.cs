using System.CommandLine;

namespace ToolBackend.Cli.Verbs;

/// <summary>The <c>toolbackend vapi</c> verbs and the options that all of them have.</summary>
internal static class VapiCommands
{
    /// <summary>Which file of <c>environments/</c>.</summary>
    public static readonly Option<string> Environment = new("--env", "-e")
    {
        Description = "Environment: a file of environments/ without its extension",
        HelpName = "name",
        Recursive = true,
        DefaultValueFactory = _ => "dev",
    };

    /// <summary>Where the definitions are.</summary>
    public static readonly Option<string> Folder = new("--definitions")
    {
        Description = "The folder with assistants/, tools/, environments/ ...",
        HelpName = "folder",
        Recursive = true,
        DefaultValueFactory = _ => "vapi",
    };

    public static Command Command() => new("vapi", "The assistants as files: check them, see what would change at Vapi, change it.")
    {
        Environment,
        Folder,
        VapiValidate.Command(),
        VapiPlan.Command(),
        VapiApply.Command(),
        VapiDrift.Command(),
        VapiPull.Command(),
        VapiAdopt.Command(),
        VapiSnapshot.Command(),
        VapiRollback.Command(),
        VapiDestroy.Command(),
    };
}
