using ToolBackend.Vapi.Sync;

namespace ToolBackend.Vapi.Pulling;

/// <summary>What a pull does with one resource.</summary>
public enum PullAction
{
    /// <summary>The file says what Vapi has.</summary>
    Unchanged,

    /// <summary>The file is brought to what Vapi has.</summary>
    Update,

    /// <summary>A file is made for what no file defines yet.</summary>
    New,

    /// <summary>Only the file has something new since the last apply: it is left alone.</summary>
    Ahead,

    /// <summary>File and Vapi both have something new since the last apply, and not the same: it is left alone.</summary>
    Conflict,

    /// <summary>Vapi has it not, or not any more.</summary>
    Missing,

    /// <summary>Vapi has several of that name, none of which is known to be ours.</summary>
    Ambiguous,

    /// <summary>Vapi has something that no file can say.</summary>
    Unwritable,
}

/// <summary>What a pull would do with one resource.</summary>
public sealed record PulledResource(ResourceKey Key, PullAction Action)
{
    /// <summary>Relative to the definitions folder; null when there is none and none is made.</summary>
    public string? File { get; init; }

    /// <summary>What the file is to hold; null when it is not written.</summary>
    public string? Text { get; init; }

    /// <summary>Top-level fields that differ, those of <c>routing</c> with that in front.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>Variables of the process environment that the file names and did not name before: whoever applies it has to set them.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>Why, where the action does not say it. A clause for people.</summary>
    public string? Reason { get; init; }

    /// <summary>Vapi's id; null when there is none, or several.</summary>
    public string? Id { get; init; }
}

/// <summary>What a pull may do.</summary>
public sealed record PullOptions
{
    /// <summary>Files are made for what no file defines yet.</summary>
    public bool All { get; init; }

    /// <summary>What only the file has, or has otherwise, gives way.</summary>
    public bool Force { get; init; }

    /// <summary>Only these. Empty: all.</summary>
    public IReadOnlyList<ResourceKey> Targets { get; init; } = [];
}
