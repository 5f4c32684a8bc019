namespace ToolBackend.Vapi.Definitions;

/// <summary>Where each value of one resource was written in its file.</summary>
public sealed class SourceMap(SourceLocation start, IReadOnlyDictionary<string, SourceLocation> places)
{
    /// <summary>Where the resource itself begins.</summary>
    public SourceLocation Start { get; } = start;

    /// <summary>Where the value at a path was written; the nearest enclosing one's place when it was not.</summary>
    public SourceLocation Of(string path)
    {
        while (path.Length > 0)
        {
            if (places.TryGetValue(path, out var place))
            {
                return place;
            }
            path = Parent(path);
        }
        return Start;
    }

    private static string Parent(string path)
    {
        var bracket = path.LastIndexOf('[');
        var dot = path.LastIndexOf('.');
        return path[..Math.Max(0, Math.Max(bracket, dot))];
    }
}
