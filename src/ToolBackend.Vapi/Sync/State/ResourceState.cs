using System.Collections.Immutable;

namespace ToolBackend.Vapi.Sync.State;

/// <summary>What is remembered of one resource that is ours.</summary>
/// <param name="Id">Vapi's id; a Twilio number's SID for routing.</param>
public sealed record ResourceState(string Id)
{
    public static ImmutableSortedDictionary<string, string> Nothing { get; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Hash of each top-level field as the files had it when it was last sent or found to be there. A field that is absent here was never applied as the files have it.
    /// </summary>
    public ImmutableSortedDictionary<string, string> Files { get; init; } = Nothing;

    /// <summary>Hash of each top-level field as Vapi had it right after. Null: not known, since the answer to the last request was never heard.</summary>
    public ImmutableSortedDictionary<string, string>? Vapi { get; init; } = Nothing;

    /// <summary>Hash of each secret's value by the name of its variable, to notice when one is rotated.</summary>
    public ImmutableSortedDictionary<string, string> Secrets { get; init; } = Nothing;

    /// <summary>Ids that it had before it was made anew: what still refers to one of them is linked anew, and what is left of them is deleted.</summary>
    public ImmutableSortedSet<string> Former { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    public bool Equals(ResourceState? other) =>
        other is not null && Id == other.Id && Former.SetEquals(other.Former) && Files.SequenceEqual(other.Files) && Secrets.SequenceEqual(other.Secrets)
        && (Vapi is null ? other.Vapi is null : other.Vapi is not null && Vapi.SequenceEqual(other.Vapi));

    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);
}

/// <summary>
/// A request that was about to be made. It is taken out of the state when its outcome is written there, so one that is found was cut off: done or not, nobody knows.
/// </summary>
/// <param name="Creates">An object is created; otherwise an existing one is changed or deleted.</param>
public sealed record PendingStep(bool Creates)
{
    /// <summary>What a created object is looked up by; null when it has no name.</summary>
    public string? Name { get; init; }

    /// <summary>Hashes of the fields that are sent, as in <see cref="ResourceState.Files"/>.</summary>
    public ImmutableSortedDictionary<string, string> Files { get; init; } = ResourceState.Nothing;

    public ImmutableSortedDictionary<string, string> Secrets { get; init; } = ResourceState.Nothing;

    /// <summary>Ids of objects of the same name that were there before, and so are not the one that was created.</summary>
    public ImmutableSortedSet<string> Before { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);
}
