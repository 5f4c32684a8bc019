using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ToolBackend.Core.Data.Migrations;

/// <summary>One forward-only step of the schema, from a file named <c>NNNN_name.sql</c>.</summary>
/// <param name="Version">The number in front of the name; files run in its order.</param>
/// <param name="Name">The file's name with its extension, as people look for it in <c>db/migrations</c>.</param>
/// <param name="Sql">The text with LF line ends, so that a checkout on Windows has the same checksum.</param>
public sealed record MigrationFile(int Version, string Name, string Sql)
{
    private const string ResourcePrefix = "migrations/";

    /// <summary>SHA-256 of <see cref="Sql"/> in UTF-8: 32 bytes.</summary>
    public byte[] Checksum => SHA256.HashData(Encoding.UTF8.GetBytes(Sql));

    /// <summary>The migrations that were built into this assembly, in order.</summary>
    public static IReadOnlyList<MigrationFile> Embedded()
    {
        var assembly = typeof(MigrationFile).Assembly;
        return InOrder(assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
                return Parse(name[ResourcePrefix.Length..], reader.ReadToEnd());
            }));
    }

    /// <summary>The <c>*.sql</c> files of a folder, in order.</summary>
    public static IReadOnlyList<MigrationFile> FromFolder(string folder) =>
        InOrder(Directory.EnumerateFiles(folder, "*.sql").Select(path => Parse(Path.GetFileName(path), File.ReadAllText(path))));

    /// <exception cref="MigrationException">The name does not start with four digits and an underscore.</exception>
    public static MigrationFile Parse(string name, string text)
    {
        if (name.Length < 10 || name[4] != '_' || !int.TryParse(name.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var version))
        {
            throw new MigrationException(name, null, "a migration's name is four digits, an underscore, a name and .sql");
        }
        return new MigrationFile(version, name, text.TrimStart('\uFEFF').ReplaceLineEndings("\n"));
    }

    private static MigrationFile[] InOrder(IEnumerable<MigrationFile> files)
    {
        var ordered = files.OrderBy(file => file.Version).ToArray();
        for (var i = 1; i < ordered.Length; i++)
        {
            if (ordered[i].Version == ordered[i - 1].Version)
            {
                throw new MigrationException(ordered[i].Name, null, $"has the same number as {ordered[i - 1].Name}: give it the next free one");
            }
        }
        return ordered;
    }
}
