using System.Globalization;
using System.Text;

namespace ToolBackend.Load.Bench;

/// <summary>A finished run, as text for people. Markdown that reads well on a terminal.</summary>
internal sealed record BenchReport(string At, string Machine, string Commit, string Command, int Seed, IReadOnlyList<Figures> Figures, IReadOnlyList<Start> Starts, IReadOnlyList<Start> BookingStarts, IReadOnlyList<Mark> Marks)
{
    public static string ThisMachine =>
        $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GB, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}, {System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription}";

    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{At} · `{Command}` · commit {Commit} · seed {Seed}").AppendLine().AppendLine($"Machine: {Machine}; driver, servers, Postgres and Redis share it.").AppendLine();
        Table(text,
            ["row", "mode", "req/s", "p50 ms", "p99 ms", "p99.9 ms", "max ms", "requests", "errors", "B/req", "CPU µs/req", "throughput ÷ raw", "CPU ÷ raw"],
            [.. Figures.Select(f => (string[])
            [
                f.Row, f.Mode, N(f.PerSecond, 0), N(f.P50, 2), N(f.P99, 2), N(f.P999, 2), N(f.Max, 1), N(f.Requests, 0),
                f.Errors + (f.Taken > 0 ? $" (+{f.Taken} taken)" : ""), N(f.AllocatedPerRequest, 0), N(f.CpuMicrosPerRequest, 0), f.OfRaw is { } of ? N(of, 2) : "-", f.CpuOfRaw is { } cpu ? N(cpu, 2) : "-",
            ])]);
        if (Starts.Count + BookingStarts.Count > 0)
        {
            Table(text, ["start of the Api", "ready ms", "first answer ms"],
                [.. Starts.Select((s, i) => (string[])[$"{i + 1}: a read", N(s.ReadyMilliseconds, 0), N(s.FirstAnswerMilliseconds, 1)]),
                 .. BookingStarts.Select((s, i) => (string[])[$"{i + 1}: a booking", N(s.ReadyMilliseconds, 0), N(s.FirstAnswerMilliseconds, 1)])]);
        }

        Table(text, ["mark", "measured", "wanted", ""],
            [.. Marks.Select(m => (string[])[m.What, N(m.Value, 2) + m.Unit, double.IsInfinity(m.Limit) ? "-" : (m.AtLeast ? "≥ " : "≤ ") + N(m.Limit, 2) + m.Unit, double.IsInfinity(m.Limit) ? "" : m.Passed ? "pass" : "MISSED"])]);
        if (Figures.FirstOrDefault(f => f.FirstError is not null) is { } wrong)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"First error ({wrong.Row}): {wrong.FirstError}");
        }

        return text.ToString();
    }

    private static string N(double value, int decimals) => value.ToString("N" + decimals, CultureInfo.InvariantCulture);

    private static void Table(StringBuilder text, string[] head, IReadOnlyList<string[]> lines)
    {
        var widths = head.Select((title, i) => lines.Select(line => line[i].Length).Append(title.Length).Max()).ToArray();
        Line(head);
        text.Append('|').AppendJoin('|', widths.Select((w, i) => i < 2 && head.Length > 4 ? new string('-', w + 2) : new string('-', w + 1) + (i == 0 ? "-" : ":"))).AppendLine("|");
        foreach (var line in lines)
        {
            Line(line);
        }

        text.AppendLine();

        void Line(string[] cells) => text.Append("| ").AppendJoin(" | ", cells.Select((c, i) => i < (head.Length > 4 ? 2 : 1) ? c.PadRight(widths[i]) : c.PadLeft(widths[i]))).AppendLine(" |");
    }
}
