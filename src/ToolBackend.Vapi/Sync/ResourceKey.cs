using System.Diagnostics.CodeAnalysis;

namespace ToolBackend.Vapi.Sync;

/// <summary>One thing that is kept in step: <c>assistant.receptionist</c>. The name is that of the definition file.</summary>
public readonly record struct ResourceKey(SyncKind Kind, string Name)
{
    /// <summary>By kind, in the order of creation, then by name.</summary>
    public static IComparer<ResourceKey> Order { get; } = Comparer<ResourceKey>.Create(
        static (a, b) => a.Kind != b.Kind ? a.Kind.CompareTo(b.Kind) : string.CompareOrdinal(a.Name, b.Name));

    /// <summary>Reads <c>KIND.NAME</c>; the name may hold dots itself.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ResourceKey key)
    {
        key = default;
        var dot = text?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        if (dot <= 0 || dot == text!.Length - 1)
        {
            return false;
        }

        foreach (var kind in SyncKinds.All)
        {
            if (text.AsSpan(0, dot).SequenceEqual(kind.Word()))
            {
                key = new ResourceKey(kind, text[(dot + 1)..]);
                return true;
            }
        }

        return false;
    }

    public override string ToString() => $"{Kind.Word()}.{Name}";
}
