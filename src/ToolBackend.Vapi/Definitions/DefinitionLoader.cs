namespace ToolBackend.Vapi.Definitions;

/// <summary>Reads the definitions folder for one environment.</summary>
public static class DefinitionLoader
{
    /// <summary>
    /// All files, all errors at once. The set is null when no environment could be read; otherwise it holds whatever could be read, so that
    /// the validator can add its own errors. Files are never a reason for an exception.
    /// </summary>
    /// <param name="folder">The definitions folder, such as <c>vapi</c>.</param>
    /// <param name="environment">Name of a file in <c>environments/</c> without extension.</param>
    /// <param name="readEnvironmentVariable">Null for an unset variable. Asked for <c>${env:NAME}</c>, and for <c>${secret:NAME}</c> only whether it is set.</param>
    public static (DefinitionSet? Definitions, IReadOnlyList<DefinitionError> Errors) Load(
        string folder, string environment, Func<string, string?> readEnvironmentVariable) => throw new NotSupportedException();
}
