namespace ToolBackend.Cli;

/// <summary>An expected reason to stop, with the thing to do about it.</summary>
internal sealed class CliException(string message, string fix) : Exception(message)
{
    public string Fix { get; } = fix;
}
