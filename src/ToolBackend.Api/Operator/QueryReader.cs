using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using NodaTime.Text;
using ToolBackend.Core.Speech;

namespace ToolBackend.Api.Operator;

/// <summary>
/// Reads query parameters and collects what is wrong with them, by the name that the client wrote. Parameters arrive as text, since the
/// framework's own binding refuses before the key is checked and names the C# type.
/// </summary>
internal sealed class QueryReader
{
    private readonly Dictionary<string, string[]> _errors = new(StringComparer.Ordinal);

    public bool HasErrors => _errors.Count > 0;

    public ValidationProblem Problem() => TypedResults.ValidationProblem(_errors, "Some parameters cannot be used.");

    public void Refuse(string name, string rule) => _errors[name] = [rule];

    public int Limit(string? text)
    {
        if (text is null)
        {
            return Page.DefaultLimit;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= Page.MaxLimit)
        {
            return limit;
        }

        Refuse("limit", $"A whole number from 1 to {Page.MaxLimit}.");
        return Page.DefaultLimit;
    }

    /// <summary>Null when there is none, or an error was noted.</summary>
    /// <param name="text">The parameter <c>after</c>.</param>
    /// <param name="isId">Whether the cursor's id is one of this list.</param>
    public PageCursor? After(string? text, Func<string, bool> isId)
    {
        if (text is null)
        {
            return null;
        }

        if (PageCursor.TryParse(text, out var cursor) && isId(cursor.Id))
        {
            return cursor;
        }

        Refuse("after", "The value of `next` of an earlier page of this list.");
        return null;
    }

    public DateOnly? Date(string name, string? text)
    {
        if (text is null)
        {
            return null;
        }

        // The range keeps a day on either side inside what Postgres and DateTimeOffset can hold.
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is >= 1900 and <= 9000)
        {
            return date;
        }

        Refuse(name, "A date such as 2026-12-01.");
        return null;
    }

    public DateTimeOffset? Moment(string name, string? text)
    {
        if (text is null)
        {
            return null;
        }

        // An offset's "+" that was not escaped arrives as a space.
        if (OffsetDateTimePattern.Rfc3339.Parse(text.Replace(' ', '+')) is { Success: true, Value: { Year: >= 1900 and <= 9000 } moment })
        {
            return moment.ToInstant().ToDateTimeOffset();
        }

        Refuse(name, "A time with its offset, such as 2026-12-01T09:00:00-08:00 or 2026-12-01T17:00:00Z.");
        return null;
    }

    /// <summary>E.164, from the query or from the header that keeps it out of other people's access logs.</summary>
    /// <param name="name">Of the parameter in the query.</param>
    public string? Phone(string? query, string? header, string name = "phone")
    {
        if (query is not null && header is not null)
        {
            Refuse(name, "Send it either in the query or in the header X-Phone.");
            return null;
        }

        var text = query ?? header;
        if (text is null)
        {
            return null;
        }

        if (PhoneNumber.TryParse(text.StartsWith(' ') ? "+" + text[1..] : text, out var phone))
        {
            return phone.E164;
        }

        Refuse(name, "A number in E.164 form, such as +12065550142 (in a URL: %2B12065550142).");
        return null;
    }

    public bool? Flag(string name, string? text)
    {
        switch (text)
        {
            case null: return null;
            case "true": return true;
            case "false": return false;
            default:
                Refuse(name, "true or false.");
                return null;
        }
    }

    public string? OneOf(string name, string? text, params ReadOnlySpan<string> allowed)
    {
        if (text is not null && !allowed.Contains(text))
        {
            Refuse(name, $"One of {string.Join(", ", allowed!)}.");
        }

        return text;
    }

    public string? Text(string name, string? text, int maxLength)
    {
        // Postgres cannot hold a NUL in text.
        if (text is not null && (text.Length > maxLength || text.Length == 0 || text.Contains('\0', StringComparison.Ordinal)))
        {
            Refuse(name, $"1 to {maxLength} characters.");
        }

        return text;
    }
}

internal static class LocalTimes
{
    /// <summary>The same moment with the offset that clocks show there.</summary>
    public static DateTimeOffset In(this DateTimeOffset moment, string timeZone) =>
        Instant.FromDateTimeOffset(moment).InZone(DateTimeZoneProviders.Tzdb[timeZone]).ToDateTimeOffset();
}
