using ToolBackend.Vapi.Definitions.Files;

namespace ToolBackend.Vapi.Definitions;

/// <summary>Where each value of one resource was written in its file.</summary>
public sealed class SourceMap
{
    private readonly Dictionary<string, SourceLocation> _values;
    private readonly Dictionary<string, SourceLocation> _keys;
    private readonly Dictionary<string, TextOrigin> _texts;
    private readonly Dictionary<string, string> _written;

    internal SourceMap(
        SourceLocation start, Dictionary<string, SourceLocation> values, Dictionary<string, SourceLocation> keys, Dictionary<string, TextOrigin> texts, Dictionary<string, string> written) =>
        (Start, _values, _keys, _texts, _written) = (start, values, keys, texts, written);

    /// <summary>Where the resource itself begins.</summary>
    public SourceLocation Start { get; }

    /// <summary>A map without any places but the start.</summary>
    public static SourceMap Nowhere(SourceLocation start) => new(start, [], [], [], []);

    /// <summary>Where the value at a path was written: a mapping or list where its name stands. The nearest enclosing one's place when it was not written itself.</summary>
    public SourceLocation Of(string path) => Nearest(path, _values);

    /// <summary>Where the name of the member at a path was written.</summary>
    public SourceLocation OfKey(string path) => _keys.TryGetValue(path, out var place) ? place : Of(path);

    /// <summary>Where the name of the member at a path was written; false when the file does not have it.</summary>
    internal bool TryKey(string path, out SourceLocation place) => _keys.TryGetValue(path, out place);

    /// <summary>The text at a path as the file says it, with <c>${...}</c>; null when nothing was filled in there.</summary>
    public string? WrittenAt(string path) => _written.GetValueOrDefault(path);

    /// <summary>Where a character of a text as written stands; the text's own place when that cannot be told.</summary>
    internal SourceLocation Inside(string path, string written, int offset) => _texts.TryGetValue(path, out var origin) ? origin.At(written, offset) : Of(path);

    private SourceLocation Nearest(string path, Dictionary<string, SourceLocation> places)
    {
        while (path.Length > 0)
        {
            if (places.TryGetValue(path, out var place))
            {
                return place;
            }
            path = JsonPaths.Parent(path);
        }
        return Start;
    }
}
