using System.Globalization;
using System.Text;

namespace ToolBackend.Voice.Language.Chat;

/// <summary>Puts tool calls together from deltas: whole ones, fragments, several at once in turns.</summary>
internal sealed class ToolCallAssembly
{
    /// <summary>Beyond these a stream is not one of a model that talks to a caller.</summary>
    private const int MostCalls = 32;

    private const int MostArgumentLetters = 64 * 1024;

    private static long s_unnamed;

    private readonly List<Part> _parts = [];

    public bool IsEmpty => _parts.Count == 0;

    /// <param name="index">Null: the vendor gave none.</param>
    /// <returns>False when there is too much.</returns>
    public bool Add(int? index, string? id, string? name, string? arguments)
    {
        // Some servers number every whole call 0: another id with a name begins another call.
        var part = _parts.FindLast(p => index is null ? id is null || p.Id == id : p.Index == index);
        if (part is null || (!string.IsNullOrEmpty(id) && !string.IsNullOrEmpty(name) && part.Id is { Length: > 0 } known && known != id))
        {
            part = new Part(index ?? _parts.Count);
            _parts.Add(part);
        }

        part.Id = string.IsNullOrEmpty(part.Id) ? id : part.Id;
        part.Name = string.IsNullOrEmpty(part.Name) ? name : part.Name;
        part.Arguments.Append(arguments);
        return _parts.Count <= MostCalls && part.Arguments.Length <= MostArgumentLetters;
    }

    /// <summary>The calls in the order they began. One without a name cannot be made and is left out; one without an id, or with another's, gets its own.</summary>
    public IReadOnlyList<ModelToolCall> Calls()
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        return [.. _parts.Where(part => !string.IsNullOrEmpty(part.Name)).Select(part => new ModelToolCall(
            part.Id is { Length: > 0 } id && ids.Add(id) ? id : "call_own" + Interlocked.Increment(ref s_unnamed).ToString(CultureInfo.InvariantCulture),
            part.Name!,
            OrNone(part.Arguments.ToString())))];
    }

    private static string OrNone(string arguments) => string.IsNullOrWhiteSpace(arguments) ? "{}" : arguments;

    private sealed class Part(int index)
    {
        public int Index => index;

        public string? Id { get; set; }

        public string? Name { get; set; }

        public StringBuilder Arguments { get; } = new();
    }
}
