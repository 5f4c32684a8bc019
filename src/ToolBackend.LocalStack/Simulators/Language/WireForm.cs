namespace ToolBackend.LocalStack.Simulators.Language;

/// <summary>How tool calls are cut into deltas.</summary>
public enum ToolCallForm
{
    /// <summary>As the vendor does for the model: Groq sends whole calls but for gpt-oss, Together name and arguments apart, Fireworks fragments.</summary>
    AsVendor,

    /// <summary>Each call in one delta.</summary>
    Whole,

    /// <summary>The name first, then a few letters of the arguments at a time; parallel calls take turns.</summary>
    Fragments,
}

/// <summary>Odd but legal forms that networks and vendors give a stream.</summary>
public sealed record WireForm
{
    /// <summary>Every write is cut into pieces of so many bytes, wherever they fall. 0 (default): not cut.</summary>
    public int SplitBytes { get; init; }

    /// <summary>Lines end in CRLF.</summary>
    public bool CrLf { get; init; }

    /// <summary>A comment stands before every event.</summary>
    public bool Pings { get; init; }

    public ToolCallForm ToolCalls { get; init; }
}
