using System.Globalization;

namespace ToolBackend.Cli;

/// <summary>Text that others wrote, for a terminal: a caller's words, or a vendor's, must not move its cursor or paint it.</summary>
internal static class Printable
{
    private const char Instead = '\u00B7';

    public static string Of(string? text) => text is null ? "" : string.Create(text.Length, text, static (target, source) =>
    {
        for (var i = 0; i < source.Length; i++)
        {
            var category = char.GetUnicodeCategory(source[i]);
            target[i] = category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? Instead : source[i];
        }
    });
}
