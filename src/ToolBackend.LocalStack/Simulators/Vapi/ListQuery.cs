using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ToolBackend.LocalStack.Simulators.Vapi;

/// <summary>The query of a list: limit, ranges of creation and change, page where the resource has pages. Anything else is refused, as Vapi does.</summary>
internal sealed class ListQuery
{
    private const int DefaultLimit = 100;
    private const int MostItems = 1000;
    private static readonly string[] s_ranges = ["createdAtGt", "createdAtLt", "createdAtGe", "createdAtLe", "updatedAtGt", "updatedAtLt", "updatedAtGe", "updatedAtLe"];

    private readonly Dictionary<string, DateTimeOffset> _ranges = new(StringComparer.Ordinal);

    public int Limit { get; private set; } = DefaultLimit;

    /// <summary>From 1.</summary>
    public int Page { get; private set; } = 1;

    public bool Ascending { get; private set; }

    /// <summary>Words of the query that the resource has beyond these, such as <c>assistantId</c>.</summary>
    public Dictionary<string, string> Filters { get; } = new(StringComparer.Ordinal);

    /// <param name="filters">Words that the resource has of its own.</param>
    /// <param name="isPaged">Whether <c>page</c>, <c>sortOrder</c> and <c>sortBy</c> are known.</param>
    /// <param name="errors">Empty when all is well.</param>
    public static ListQuery Read(IQueryCollection query, IReadOnlyList<string> filters, bool isPaged, out List<string> errors)
    {
        var read = new ListQuery();
        errors = [];
        foreach (var (name, values) in query)
        {
            read.Take(name, values.ToString(), filters, isPaged, errors);
        }

        return read;
    }

    public bool InRange(DateTimeOffset createdAt, DateTimeOffset updatedAt) => _ranges.All(range =>
    {
        var at = range.Key.StartsWith("created", StringComparison.Ordinal) ? createdAt : updatedAt;
        return range.Key[^2..] switch
        {
            "Gt" => at > range.Value,
            "Lt" => at < range.Value,
            "Ge" => at >= range.Value,
            _ => at <= range.Value,
        };
    });

    private void Take(string name, string value, IReadOnlyList<string> filters, bool isPaged, List<string> errors)
    {
        if (name == "limit")
        {
            Limit = Number(name, value, 0, MostItems, errors) ?? DefaultLimit;
        }
        else if (s_ranges.Contains(name, StringComparer.Ordinal))
        {
            if (DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            {
                _ranges[name] = at;
            }
            else
            {
                errors.Add($"{name} must be a valid ISO 8601 date string");
            }
        }
        else if (isPaged && name == "page")
        {
            Page = Number(name, value, 1, int.MaxValue, errors) ?? 1;
        }
        else if (isPaged && name == "sortOrder")
        {
            Ascending = value == "ASC";
            AddUnless(value is "ASC" or "DESC", errors, "sortOrder must be one of the following values: ASC, DESC");
        }
        else if (filters.Contains(name, StringComparer.Ordinal))
        {
            Filters[name] = value;
        }
        else if (!isPaged || name != "sortBy")
        {
            errors.Add($"property {name} should not exist");
        }
    }

    private static int? Number(string name, string value, int least, int most, List<string> errors)
    {
        if (!int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            errors.Add($"{name} must be a number conforming to the specified constraints");
            return null;
        }

        AddUnless(number >= least, errors, $"{name} must not be less than {least}");
        AddUnless(number <= most, errors, $"{name} must not be greater than {most}");
        return number;
    }

    private static void AddUnless(bool holds, List<string> errors, string rule)
    {
        if (!holds)
        {
            errors.Add(rule);
        }
    }
}
