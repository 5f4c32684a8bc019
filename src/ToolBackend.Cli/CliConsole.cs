using System.Globalization;
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
    private const int Narrowest = 40;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        // Not HTML: quotes and angle brackets may stay as they are.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private bool _hasProgress;

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
            Progress(null);
            output.WriteLine(JsonSerializer.Serialize(value, Json));
        }
    }

    /// <summary>A line for people; nothing with <c>--quiet</c>.</summary>
    public void Line(string text, Tone tone = Tone.Plain)
    {
        if (!quiet)
        {
            Progress(null);
            Human.WriteLine(Paint(text, tone));
        }
    }

    /// <summary>A line that is the point of the verb: written even with <c>--quiet</c>. JSON has it as an object instead.</summary>
    public void Result(string text, Tone tone = Tone.Plain)
    {
        if (!json)
        {
            Progress(null);
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
            Progress(null);
            error.WriteLine(text);
        }
    }

    /// <summary>Columns to write in: COLUMNS where that is set, else the terminal's; 80 where neither says.</summary>
    public int Width => WidthOf(Environment.GetEnvironmentVariable("COLUMNS"), Console.IsOutputRedirected ? 0 : Console.WindowWidth);

    /// <param name="columns">COLUMNS; anything but a positive number counts as unset.</param>
    /// <param name="terminal">What the terminal says; 0 where there is none, or one without a size.</param>
    public static int WidthOf(string? columns, int terminal)
    {
        var width = int.TryParse(columns, NumberStyles.None, CultureInfo.InvariantCulture, out var said) && said > 0 ? said : terminal;
        return width > 0 ? Math.Max(Narrowest, width) : 80;
    }

    /// <summary>What is happening right now, over what was there before; null clears it, and so does whatever else is written. Only on an interactive standard error.</summary>
    public void Progress(string? text)
    {
        if (!progress || quiet || (text is null && !_hasProgress))
        {
            return;
        }

        // Cut, since only the last line of a text that wraps could be cleared again.
        error.Write($"\r\e[K{(text is null ? null : text[..Math.Min(text.Length, Width - 1)])}");
        _hasProgress = text is not null;
    }

    /// <summary>What went wrong and what to do about it.</summary>
    public void Error(string message, string? fix = null)
    {
        Object(new { type = "error", message, fix });
        Progress(null);
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
