using System.Buffers.Text;
using System.ComponentModel;
using System.Globalization;
using System.Text;

namespace ToolBackend.Api.Operator;

/// <summary>One page of a list that may be longer.</summary>
public sealed record Page<T>(
    IReadOnlyList<T> Items,
    [property: Description("Send it as `after` to read on; null on the last page.")] string? Next);

internal static class Page
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    /// <summary>Makes a page of up to <paramref name="limit"/> rows out of a read that asked for one more.</summary>
    public static Page<TItem> Of<TRow, TItem>(List<TRow> rows, int limit, Func<TRow, PageCursor> cursor, Func<TRow, TItem> item) => new(
        [.. rows.Take(limit).Select(item)],
        rows.Count > limit ? cursor(rows[limit - 1]).ToString() : null);
}

/// <summary>The last row of a page, by the two columns that order the list. Opaque to the client: its form may change.</summary>
internal readonly record struct PageCursor(DateTimeOffset At, string Id)
{
    private const int MaxLength = 640;

    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{At.UtcTicks}.{Id}")));

    public static bool TryParse(string text, out PageCursor cursor)
    {
        cursor = default;
        if (text.Length > MaxLength || !Base64Url.IsValid(text))
        {
            return false;
        }

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split('.', 2);
        if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) || ticks > DateTimeOffset.MaxValue.UtcTicks)
        {
            return false;
        }

        cursor = new PageCursor(new DateTimeOffset(ticks, TimeSpan.Zero), parts[1]);
        return true;
    }
}
