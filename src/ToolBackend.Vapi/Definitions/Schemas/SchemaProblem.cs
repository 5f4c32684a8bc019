namespace ToolBackend.Vapi.Definitions.Schemas;

/// <summary>Where a value does not fit its schema.</summary>
/// <param name="AtKey">The member's name is wrong rather than its value.</param>
internal sealed record SchemaProblem(string Path, bool AtKey, string Rule, string Message, string Fix, Severity Severity = Severity.Error);
