namespace ToolBackend.Load.Voice;

/// <summary>
/// What the runtime does in the process of the callers and the vendors, which share two cores with what they measure: sockets are read by the thread that hears of them, and workers without work sleep at once
/// instead of asking for the processor tens of thousands of times a second. Nothing in this process blocks a thread.
/// </summary>
internal static class DriverRuntime
{
    public const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>To be called before the process has opened a socket or begun a task: the runtime reads both once. Children get the second; the Voice host sets it for itself too.</summary>
    public static void Prepare()
    {
        Environment.SetEnvironmentVariable(InlineCompletions, "1");
        Environment.SetEnvironmentVariable("DOTNET_ThreadPool_UnfairSemaphoreSpinLimit", "0");
    }
}
