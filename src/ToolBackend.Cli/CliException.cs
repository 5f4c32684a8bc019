namespace ToolBackend.Cli;

/// <summary>An expected reason to stop, with the thing to do about it.</summary>
internal sealed class CliException(string message, string fix) : Exception(message)
{
    public string Fix { get; } = fix;

    public int ExitCode { get; init; } = ExitCodes.Error;

    /// <summary>Whether the same may work in a moment.</summary>
    public bool IsTransient { get; init; }
}
