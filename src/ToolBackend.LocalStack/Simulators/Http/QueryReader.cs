using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ToolBackend.LocalStack.Simulators.Http;

/// <summary>Reads the parameters of a query and remembers what is wrong with them: the first error, and the names that nobody asked for.</summary>
internal sealed class QueryReader(IQueryCollection query)
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>Null while everything was in order.</summary>
    public string? Error { get; private set; }

    /// <summary>Parameters that are there and were not read.</summary>
    public IEnumerable<string> Others => query.Keys.Where(name => !_asked.Contains(name));

    public string? Text(string name)
    {
        _asked.Add(name);
        return query.TryGetValue(name, out var values) ? values.ToString() : null;
    }

    public IReadOnlyList<string> Texts(string name)
    {
        _asked.Add(name);
        return query.TryGetValue(name, out var values) ? [.. values.Select(value => value ?? string.Empty)] : [];
    }

    public string? Choice(string name, params ReadOnlySpan<string> choices)
    {
        var text = Text(name);
        if (text is not null && !choices.Contains(text))
        {
            Fail($"{name} must be one of {string.Join(", ", choices!)}.");
        }

        return text;
    }

    public bool Flag(string name, bool otherwise = false)
    {
        switch (Text(name))
        {
            case null:
                return otherwise;
            case "true":
                return true;
            case "false":
                return false;
            default:
                Fail($"{name} must be true or false.");
                return otherwise;
        }
    }

    public double? Number(string name, double least, double most)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        Fail(string.Create(CultureInfo.InvariantCulture, $"{name} must be a number from {least} to {most}."));
        return null;
    }

    public int? Integer(string name, int least, int most)
    {
        var number = Number(name, least, most);
        if (number is { } value && value != Math.Floor(value))
        {
            Fail($"{name} must be a whole number.");
        }

        return (int?)number;
    }

    public void Fail(string error) => Error ??= error;
}
