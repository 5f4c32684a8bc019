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
    /// <summary>Each once, by file and place.</summary>
    public static IReadOnlyList<DefinitionError> Ordered(IEnumerable<DefinitionError> errors) =>
        [.. errors.Distinct().OrderBy(e => e.At.File, StringComparer.Ordinal).ThenBy(e => e.At.Line).ThenBy(e => e.At.Column).ThenBy(e => e.Rule, StringComparer.Ordinal).ThenBy(e => e.Message, StringComparer.Ordinal)];

    public override string ToString() => $"{At}: {(Severity is Severity.Error ? "error" : "warning")} {Rule}: {Message}";
}
