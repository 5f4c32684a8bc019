namespace ToolBackend.Vapi.Definitions;

public enum Severity
{
    /// <summary>Works, but probably not as meant. Never fails a run.</summary>
    Warning,

    /// <summary>Must be mended before anything is sent.</summary>
    Error,
}

/// <summary>What is wrong, where, and what to do about it. Holds no value of a secret.</summary>
/// <param name="Rule">Stable name of the rule, such as <c>tool-schema</c>; all of them are in <see cref="Rules"/>.</param>
public sealed record DefinitionError(SourceLocation At, string Rule, string Message, string Fix, Severity Severity = Severity.Error)
{
    public override string ToString() => $"{At}: {(Severity is Severity.Error ? "error" : "warning")} {Rule}: {Message}";
}
