namespace ToolBackend.Vapi.Definitions;

/// <summary>A place in a definition file. Lines and columns count from 1, as editors do.</summary>
/// <param name="File">Relative to the definitions folder, with forward slashes.</param>
public readonly record struct SourceLocation(string File, int Line, int Column)
{
    public override string ToString() => $"{File}:{Line}:{Column}";
}
