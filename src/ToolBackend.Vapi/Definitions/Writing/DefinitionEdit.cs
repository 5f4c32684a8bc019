using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions.Files;

namespace ToolBackend.Vapi.Definitions.Writing;

/// <summary>Changes the text of a definition file member by member: lines of members that stay as they are are not touched.</summary>
internal sealed class DefinitionEdit(SourceText source, SourceMap places)
{
    private const string Fence = "---";

    /// <summary>What only the file knows stays at its end.</summary>
    private static readonly string[] s_last = ["fallback", "routing"];

    private readonly IReadOnlyList<string> _lines = source.Lines;

    /// <summary>The new text; null when the file is not written in lines that can be told apart.</summary>
    /// <param name="old">What the file says, in written form.</param>
    /// <param name="wanted">What it is to say, in written form.</param>
    public string? Apply(JsonObject old, JsonObject wanted)
    {
        if (!source.File.EndsWith(".md", StringComparison.Ordinal))
        {
            var yaml = Members("", old, wanted, 0, _lines.Count);
            return yaml is null ? null : string.Join('\n', yaml);
        }

        var fence = 1;
        while (fence < _lines.Count && _lines[fence].TrimEnd() != Fence)
        {
            fence++;
        }

        var before = places.TryKey("model.messages[0].role", out _) ? null : DefinitionText.TakePrompt(old);
        var after = DefinitionText.TakePrompt(wanted);
        if (Members("", old, wanted, 1, fence) is not { } front)
        {
            return null;
        }

        var body = before == after ? string.Join('\n', _lines.Skip(fence + 1))
            : string.Concat(Enumerable.Repeat("\n", _lines.Skip(fence + 1).TakeWhile(string.IsNullOrWhiteSpace).Count())) + (after is null ? string.Empty : after + "\n");
        return $"{_lines[0]}\n{string.Concat(front.Select(line => line + "\n"))}{_lines[fence]}\n{body}";
    }

    /// <summary>The lines of a mapping as they are to be; null when each member does not begin on a line of its own.</summary>
    private List<string>? Members(string path, JsonObject old, JsonObject wanted, int from, int to)
    {
        if (Chunks(path, old, from, to) is not var (chunks, indent))
        {
            return null;
        }

        var lines = new List<string>();
        var added = wanted.Where(member => !old.ContainsKey(member.Key)).ToList();
        var last = chunks.FindLastIndex(chunk => path.Length > 0 || !s_last.Contains(chunk.Name, StringComparer.Ordinal));
        Add(when: -1);
        for (var i = 0; i < chunks.Count; i++)
        {
            var chunk = chunks[i];
            if (wanted.TryGetPropertyValue(chunk.Name, out var value))
            {
                lines.AddRange(chunk.Leading);
                lines.AddRange(Lines(chunk, path, old[chunk.Name], value, indent));
            }
            else if (i == 0)
            {
                lines.AddRange(chunk.Leading);
            }
            else
            {
                // What was said about the member goes with it.
                lines.AddRange(chunk.Leading.Take(chunk.Leading.Count - chunk.Leading.AsEnumerable().Reverse().TakeWhile(line => line.Trim().Length > 0).Count()));
            }

            Add(when: i);
        }

        lines.AddRange(Range(chunks[^1].End, to));
        return lines;

        void Add(int when)
        {
            if (when == last)
            {
                lines.AddRange(added.SelectMany(member => Split(YamlWriter.Member(member.Key, member.Value, indent))));
            }
        }
    }

    private IEnumerable<string> Lines(Chunk chunk, string path, JsonNode? old, JsonNode? wanted, int indent)
    {
        if (JsonNode.DeepEquals(old, wanted))
        {
            return Range(chunk.Start, chunk.End);
        }

        if (old is JsonObject { Count: > 0 } before && wanted is JsonObject { Count: > 0 } after
            && Members(JsonPaths.Member(path, chunk.Name), before, after, chunk.Start + 1, chunk.End) is { } inner)
        {
            return inner.Prepend(_lines[chunk.Start]);
        }

        return Split(YamlWriter.Member(chunk.Name, wanted, indent));
    }

    /// <summary>The members in the order of the file, each with the comments above it.</summary>
    private (List<Chunk> Chunks, int Indent)? Chunks(string path, JsonObject members, int from, int to)
    {
        var keys = new List<(string Name, int Line, int Column)>();
        foreach (var (name, _) in members)
        {
            if (!places.TryKey(JsonPaths.Member(path, name), out var place))
            {
                return null;
            }

            keys.Add((name, place.Line - 1, place.Column - 1));
        }

        keys.Sort(static (a, b) => a.Line.CompareTo(b.Line));
        if (keys.Count == 0)
        {
            return null;
        }

        var indent = keys[0].Column;
        var chunks = new List<Chunk>();
        var leadingFrom = from;
        for (var i = 0; i < keys.Count; i++)
        {
            var (name, start, column) = keys[i];
            var end = i + 1 < keys.Count ? keys[i + 1].Line : to;
            if (start < leadingFrom || end <= start || end > to || column != indent || _lines[start].AsSpan(0, indent).ContainsAnyExcept(' '))
            {
                return null;
            }

            while (end > start + 1 && IsBetween(_lines[end - 1], indent))
            {
                end--;
            }

            chunks.Add(new Chunk(name, start, end, [.. Range(leadingFrom, start)]));
            leadingFrom = end;
        }

        return (chunks, indent);
    }

    // Blank lines and comments that are not further in belong to what comes next.
    private static bool IsBetween(string line, int indent) => line.TrimStart(' ') is var text && (text.Length == 0 || (text[0] == '#' && line.Length - text.Length <= indent));

    private IEnumerable<string> Range(int from, int to) => _lines.Skip(from).Take(to - from);

    private static string[] Split(string text) => text[..^1].Split('\n');

    /// <param name="Start">Index of its first line.</param>
    /// <param name="End">Index after its last line.</param>
    /// <param name="Leading">Comments and blank lines above it.</param>
    private sealed record Chunk(string Name, int Start, int End, IReadOnlyList<string> Leading);
}
