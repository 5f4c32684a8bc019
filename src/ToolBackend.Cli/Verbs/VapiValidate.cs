using System.CommandLine;

namespace ToolBackend.Cli.Verbs;

/// <summary><c>toolbackend vapi validate</c>: all rules over the definitions of one environment. Offline, changes nothing.</summary>
internal static class VapiValidate
{
    public static Command Command() => new Command("validate", "Check the definitions of one environment, offline. Exit 0: valid, 4: errors.")
        .Does("vapi validate", (parsed, console, _) => throw new NotSupportedException());
}
