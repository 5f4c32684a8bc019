using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ToolBackend.Cli;

internal enum Tone
{
    Plain,
    Good,
    Warning,
    Bad,
}

/// <summary>
/// Where verbs write. Results go to standard output; with <c>--json</c> standard output holds nothing but one object per line and
/// what people read goes to standard error. Standard error never holds a secret.
/// </summary>
internal sealed class CliConsole(TextWriter output, TextWriter error, bool json, bool quiet, bool colour, bool progress = false)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        // Not HTML: quotes and angle brackets may stay as they are.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Whether standard output is for programs.</summary>
    public bool IsJson => json;

    private TextWriter Human => json ? error : output;

    /// <summary>The first object of every JSON answer: which shape the following ones have.</summary>
    public void Begin(string verb)
    {
        Object(new { schema = "toolbackend.cli/1", verb });
    }

    /// <summary>One line of JSON, when that was asked for.</summary>
    public void Object<T>(T value)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(value, Json));
        }
    }

    /// <summary>A line for people; nothing with <c>--quiet</c>.</summary>
    public void Line(string text, Tone tone = Tone.Plain)
    {
        if (!quiet)
        {
            Human.WriteLine(Paint(text, tone));
        }
    }

    /// <summary>A line that is the point of the verb: written even with <c>--quiet</c>. JSON has it as an object instead.</summary>
    public void Result(string text, Tone tone = Tone.Plain)
    {
        if (!json)
        {
            output.WriteLine(Paint(text, tone));
        }
    }

    /// <summary>Rows under headings, columns as wide as their widest cell; the tone paints the whole row.</summary>
    public void Table(string[] headings, IReadOnlyCollection<(Tone Tone, string[] Cells)> rows)
    {
        var widths = headings.Select((heading, column) => rows.Select(row => row.Cells[column].Length).Append(heading.Length).Max()).ToArray();
        foreach (var (tone, cells) in rows.Prepend((Tone.Plain, headings)))
        {
            Line(string.Join("  ", cells.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd(), tone);
        }
    }

    /// <summary>A line on the side, for people: on standard error, nothing with <c>--quiet</c>.</summary>
    public void Note(string text)
    {
        if (!quiet)
        {
            error.WriteLine(text);
        }
    }

    /// <summary>Columns of the terminal; 80 where there is none.</summary>
    public int Width => Console.IsOutputRedirected ? 80 : Math.Max(40, Console.WindowWidth);

    /// <summary>What is happening right now, over what was there before; null clears it. Only on an interactive standard error.</summary>
    public void Progress(string? text)
    {
        if (progress && !quiet)
        {
            error.Write($"\r\e[K{text}");
        }
    }

    /// <summary>What went wrong and what to do about it.</summary>
    public void Error(string message, string? fix = null)
    {
        Object(new { type = "error", message, fix });
        error.WriteLine($"error: {message}");
        if (fix is not null)
        {
            error.WriteLine($"  fix: {fix}");
        }
    }

    // Colour is decided for standard output; with --json people read standard error, which stays plain.
    private string Paint(string text, Tone tone) => !colour || json ? text : tone switch
    {
        Tone.Good => $"\e[32m{text}\e[0m",
        Tone.Warning => $"\e[33m{text}\e[0m",
        Tone.Bad => $"\e[31m{text}\e[0m",
        _ => text,
    };
}
