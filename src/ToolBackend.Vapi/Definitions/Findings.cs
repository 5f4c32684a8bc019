namespace ToolBackend.Vapi.Definitions;

/// <summary>Collects errors. What comes after <see cref="Most"/> is only counted: nobody reads it.</summary>
internal sealed class Findings
{
    public const int Most = 2_000;

    private readonly List<DefinitionError> _errors = [];

    public void Error(SourceLocation at, string rule, string message, string fix) => Add(new DefinitionError(at, rule, message, fix));

    public void Warning(SourceLocation at, string rule, string message, string fix) => Add(new DefinitionError(at, rule, message, fix, Severity.Warning));

    public void Add(DefinitionError error)
    {
        if (_errors.Count < Most)
        {
            _errors.Add(error);
        }
    }

    /// <summary>By file and place.</summary>
    public IReadOnlyList<DefinitionError> Ordered() => DefinitionError.Ordered(_errors);
}
