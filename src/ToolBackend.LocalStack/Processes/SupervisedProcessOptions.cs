namespace ToolBackend.LocalStack.Processes;

/// <summary>What to run and how to end it.</summary>
public sealed record SupervisedProcessOptions
{
    /// <summary>Named in error messages.</summary>
    public required string Name { get; init; }

    /// <summary>Program and arguments.</summary>
    public required IReadOnlyList<string> CommandLine { get; init; }

    /// <summary>Added to our own environment; null removes a variable.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    public string WorkingDirectory { get; init; } = "/";

    /// <summary>Where its output goes beside the tail kept in memory; null for nowhere.</summary>
    public string? LogFile { get; init; }

    /// <summary>Another account to run as, possible only as root; null for our own.</summary>
    public UnprivilegedUser? RunAs { get; init; }

    /// <summary>The signal that asks for an orderly end, without "SIG". Default TERM.</summary>
    public string StopSignal { get; init; } = "TERM";

    /// <summary>How long an orderly end may take before SIGKILL. Whole seconds, default 10 s.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(10);
}
