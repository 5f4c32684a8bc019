namespace ToolBackend.Core.Data.Migrations;

/// <summary>Decides what to do from the files here and the rows there. Pure.</summary>
public static class MigrationPlan
{
    /// <summary>Every known migration, files and rows together, in order of version.</summary>
    public static IReadOnlyList<MigrationStatus> Compare(IReadOnlyList<MigrationFile> files, IReadOnlyList<AppliedMigration> applied)
    {
        var rows = applied.ToDictionary(row => row.Version);
        var newest = applied.Count == 0 ? 0 : applied.Max(row => row.Version);
        var known = files.Select(file => rows.TryGetValue(file.Version, out var row)
            ? new MigrationStatus(file.Version, file.Name, StateOf(file, row), row.AppliedAt)
            : new MigrationStatus(file.Version, file.Name, file.Version < newest ? MigrationState.OutOfOrder : MigrationState.Pending, null));
        var numbers = files.Select(file => file.Version).ToHashSet();
        var gone = applied.Where(row => !numbers.Contains(row.Version))
            .Select(row => new MigrationStatus(row.Version, row.Name, MigrationState.Missing, row.AppliedAt));
        return [.. known.Concat(gone).OrderBy(status => status.Version)];
    }

    /// <summary>The sentence that refuses to migrate because of this entry, or null when it stands in nobody's way.</summary>
    public static string? Refusal(MigrationStatus status) => status.State switch
    {
        MigrationState.Edited => "was edited after it was applied: restore its text and put the change in a new file",
        MigrationState.Missing => "was applied to this database but is not among the files here: deploy the build that has it, or restore the file",
        MigrationState.OutOfOrder => "has a number below the newest applied migration: give it the next free number",
        _ => null,
    };

    // A renamed file is another file: the name says what the number did.
    private static MigrationState StateOf(MigrationFile file, AppliedMigration row) =>
        file.Name == row.Name && file.Checksum.AsSpan().SequenceEqual(row.Checksum) ? MigrationState.Applied : MigrationState.Edited;
}
