using System.CommandLine;

namespace ToolBackend.Cli.Verbs;

/// <summary>All verbs over calls.</summary>
internal static class CallsGroup
{
    public static Command Command() => new("calls", $"Calls and what is known of them. list, show and tail ask a running service ({OperatorClient.UrlVariable}, {OperatorClient.KeyVariable}); the others work on the database.")
    {
        CallsList.Command(),
        CallsShow.Command(),
        CallsTail.Command(),
        CallsRebuild.Command(),
        CallsForget.Command(),
    };
}
