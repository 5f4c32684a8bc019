namespace ToolBackend.Core.Data.Migrations;

public enum MigrationState
{
    Applied,
    Pending,

    /// <summary>Applied, and its text is another one now.</summary>
    Edited,

    /// <summary>Applied, and no such file is known here: the database is ahead of this build, or a file was removed.</summary>
    Missing,

    /// <summary>Not applied, with a number below the newest applied: two branches took numbers at the same time.</summary>
    OutOfOrder,
}

/// <summary>Where one migration stands. <paramref name="AppliedAt"/> is null exactly when it was not applied.</summary>
public sealed record MigrationStatus(int Version, string Name, MigrationState State, DateTimeOffset? AppliedAt);

/// <summary>A row of <c>schema_migration</c>.</summary>
public sealed record AppliedMigration(int Version, string Name, byte[] Checksum, DateTimeOffset AppliedAt);

/// <summary>One file that this run applied, and how long the server took.</summary>
public sealed record AppliedNow(int Version, string Name, TimeSpan Duration);

/// <summary>What a run did.</summary>
/// <param name="Applied">Files that this run applied, in order.</param>
/// <param name="Already">How many files were applied before it.</param>
public sealed record MigrationReport(IReadOnlyList<AppliedNow> Applied, int Already);
