namespace ToolBackend.Vapi.Definitions.Checks;

/// <summary>Without a <c>request-start</c> message Vapi says a filler of its own ("Hold on a sec") before every call of a tool, over the answer when that is fast.</summary>
internal static class ToolMessageCheck
{
    private static readonly string[] s_spoken = ["function", "apiRequest", "transferCall", "endCall"];

    public static void Run(CheckRun run)
    {
        foreach (var (owner, tool, path) in run.Tools())
        {
            if (s_spoken.Contains(tool.TextAt("type")) && tool.FlagAt("async") is not true && !tool.ObjectsAt("messages").Any(m => m.Item.TextAt("type") == "request-start"))
            {
                run.Error(owner, ReferenceCheck.Under(path, "messages"), Rules.RequestStart, "no request-start message: Vapi says a filler of its own before every call of this tool",
                    "add {type: request-start, content: ...}; content: \"\" keeps it silent", atKey: true);
            }
        }
    }
}
