namespace ToolBackend.Vapi.Sync.Planning;

/// <summary>What a plan may do.</summary>
public sealed record PlanOptions
{
    /// <summary>What was changed at Vapi is set back to what the files say.</summary>
    public bool Force { get; init; }

    /// <summary>What no file defines any more is deleted, if it is ours.</summary>
    public bool AllowDelete { get; init; }

    /// <summary>Credentials are created and changed; otherwise they are only looked up by name.</summary>
    public bool ManageCredentials { get; init; }

    /// <summary>Only these, and what has to be made for them. Empty: all.</summary>
    public IReadOnlyList<ResourceKey> Targets { get; init; } = [];
}
