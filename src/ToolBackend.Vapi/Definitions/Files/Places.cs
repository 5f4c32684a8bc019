using System.Globalization;

namespace ToolBackend.Vapi.Definitions.Files;

/// <summary>Collects where everything in one file was written, by path.</summary>
internal sealed class Places
{
    public Dictionary<string, SourceLocation> Values { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, SourceLocation> Keys { get; } = new(StringComparer.Ordinal);

    /// <summary>Texts whose characters stand in the file one by one, so that a place inside can be told.</summary>
    public Dictionary<string, TextOrigin> Texts { get; } = new(StringComparer.Ordinal);

    /// <summary>Texts before <c>${...}</c> was filled in, where it was.</summary>
    public Dictionary<string, string> Written { get; } = new(StringComparer.Ordinal);

    /// <summary>Makes room for one more item at the front of a list.</summary>
    public void Shift(string list)
    {
        Shift(Values, list);
        Shift(Keys, list);
        Shift(Texts, list);
        Shift(Written, list);
    }

    private static void Shift<T>(Dictionary<string, T> places, string list)
    {
        var moved = places.Where(place => place.Key.StartsWith(list + "[", StringComparison.Ordinal)).ToList();
        foreach (var (path, _) in moved)
        {
            places.Remove(path);
        }
        foreach (var (path, value) in moved)
        {
            var end = path.IndexOf(']', list.Length);
            places[JsonPaths.Item(list, int.Parse(path.AsSpan(list.Length + 1, end - list.Length - 1), CultureInfo.InvariantCulture) + 1) + path[(end + 1)..]] = value;
        }
    }

    public SourceMap ToMap(SourceLocation start) => new(start, Values, Keys, Texts, Written);
}

/// <summary>Where a text's characters stand.</summary>
/// <param name="Indent">Columns before each further line.</param>
internal readonly record struct TextOrigin(SourceLocation First, int Indent)
{
    public SourceLocation At(string text, int offset)
    {
        var before = text.AsSpan(0, Math.Clamp(offset, 0, text.Length));
        var lines = before.Count('\n');
        return lines == 0
            ? First with { Column = First.Column + before.Length }
            : First with { Line = First.Line + lines, Column = Indent + before.Length - before.LastIndexOf('\n') };
    }
}
