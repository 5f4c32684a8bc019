using System.Globalization;
using System.Text;

namespace ToolBackend.Load.Demo;

/// <summary>Prints a call as one reads it: who said what, which tool was called, how long it took. Colour only on a terminal.</summary>
internal sealed class Transcript(TextWriter output)
{
    private const int Width = 108;
    private const int Margin = 11;

    private static readonly bool s_colour = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    public void Title(string text) => output.WriteLine(Paint("1", text));

    public void Caller(string words)
    {
        output.WriteLine();
        Line("caller", words, "36");
    }

    /// <summary>The tool with its arguments as the model wrote them, and what the round trip took.</summary>
    public void Tool(string name, string arguments, double milliseconds)
    {
        var call = $"{name} {arguments}";
        var took = string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.0} ms");
        output.WriteLine($"{"tool",-Margin}{Paint("2", call)}{new string(' ', Math.Max(2, Width - Margin - call.Length - took.Length))}{took}");
    }

    public void Assistant(string words) => Line("assistant", words, "32");

    public void Says(string who, string words, string colour) => Line(who, words, colour);

    public void Note(string text) => Line("", text, "2");

    public void Failure(string text) => Line("FAILED", text, "31");

    private void Line(string who, string words, string colour)
    {
        foreach (var part in Wrap(words, Width - Margin))
        {
            output.WriteLine($"{who,-Margin}{Paint(colour, part)}");
            who = "";
        }
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        var line = new StringBuilder();
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        yield return line.ToString();
    }

    private static string Paint(string code, string text) => s_colour ? $"\e[{code}m{text}\e[0m" : text;
}
