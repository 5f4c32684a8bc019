using System.Text;
using Npgsql;

namespace ToolBackend.Core.Data.Migrations;

/// <summary>
/// The schema could not be brought up to date. Nothing of the named file was kept: every file is one transaction.
/// </summary>
public sealed class MigrationException : Exception
{
    /// <param name="file">The file at fault, or null when no file is (the lock, the connection).</param>
    /// <param name="line">One-based line in that file where the server pointed, when it pointed anywhere.</param>
    /// <param name="reason">What is wrong, in the server's words when the server refused.</param>
    /// <param name="inner">What the server or the connection raised.</param>
    public MigrationException(string? file, int? line, string reason, Exception? inner = null)
        : base(Describe(file, line, reason), inner)
    {
        File = file;
        Line = line;
        Reason = reason;
    }

    public string? File { get; }

    public int? Line { get; }

    public string Reason { get; }

    internal static MigrationException From(MigrationFile? file, NpgsqlException error)
    {
        var refused = error as PostgresException;
        var line = file is null || refused is null ? null : LineOf(file.Sql, refused);
        return new MigrationException(file?.Name, line, refused?.MessageText ?? error.Message, error);
    }

    // The server counts characters, not UTF-16 units. An error inside a function that the file calls points into that
    // function's text, which says nothing about a line of the file.
    private static int? LineOf(string sql, PostgresException error) =>
        error.InternalPosition > 0 && error.InternalQuery == sql
            ? 1 + sql.EnumerateRunes().Take(error.InternalPosition - 1).Count(rune => rune == new Rune('\n'))
            : null;

    private static string Describe(string? file, int? line, string reason) => (file, line) switch
    {
        (null, _) => reason,
        (_, null) => $"{file}: {reason}",
        _ => $"{file}:{line}: {reason}",
    };
}
