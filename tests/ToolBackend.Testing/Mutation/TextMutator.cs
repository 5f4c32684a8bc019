using System.Text;

namespace ToolBackend.Testing.Mutation;

/// <summary>Breaks text files as editors, merges and attackers do: at byte level, and line by line. The same random numbers give the same files.</summary>
public sealed class TextMutator(Random random)
{
    private static readonly string[] s_odd =
    [
        "null", "~", "true", "-1", "1e999", "0x1F", "[]", "{}", "[[[[[[", "{{", "}}", "${", "${nobody}", "${secret:X}", "${env:X|y}", "$${", "*a", "&a 1", "!!str x", "!<tag:x> y", "? x", "- x", "|", ">-",
        "\"\\ud800\"", "\"\\U00110000\"", "\"\\x\"", "'", "\"", "%YAML 9.9", "---", "...", "\t", "#", ": :", "{% if x %}", "\u2028", "\ud83d\ude80", "-----BEGIN PRIVATE KEY-----", "2026-99-99", ".nan", "<<: *a",
    ];

    public byte[] Mutate(byte[] original)
    {
        var bytes = original;
        for (var i = random.Next(3); i >= 0; i--)
        {
            bytes = random.Next(3) == 0 ? Bytes(bytes) : Encoding.UTF8.GetBytes(Lines(Encoding.UTF8.GetString(bytes)));
        }
        return bytes;
    }

    private string Lines(string text)
    {
        var lines = text.Split('\n').ToList();
        var at = random.Next(lines.Count);
        var line = lines[at];
        switch (random.Next(9))
        {
            case 0: lines.RemoveAt(at); break;
            case 1: lines.Insert(random.Next(lines.Count + 1), line); break;
            case 2: lines[at] = new string(' ', random.Next(6)) + line.TrimStart(); break;
            case 3: lines[at] = line.Contains(':') ? line[..(line.IndexOf(':') + 1)] + " " + s_odd[random.Next(s_odd.Length)] : s_odd[random.Next(s_odd.Length)]; break;
            case 4: lines.Insert(at, new string(' ', random.Next(6)) + s_odd[random.Next(s_odd.Length)]); break;
            case 5: (lines[at], lines[random.Next(lines.Count)]) = (lines[random.Next(lines.Count)], line); break;
            case 6: lines[at] = line.Replace(":", random.Next(2) == 0 ? "" : "::", StringComparison.Ordinal); break;
            case 7: lines[at] = line.Insert(random.Next(line.Length + 1), s_odd[random.Next(s_odd.Length)]); break;
            default: lines[at] = "- " + line; break;
        }
        return string.Join('\n', lines);
    }

    private byte[] Bytes(byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return [(byte)random.Next(256)];
        }
        var at = random.Next(bytes.Length);
        switch (random.Next(4))
        {
            case 0:
                var flipped = bytes.ToArray();
                flipped[at] ^= (byte)(1 << random.Next(8));
                return flipped;
            case 1: return [.. bytes.AsSpan(0, at), .. bytes.AsSpan(Math.Min(bytes.Length, at + 1 + random.Next(8)))];
            case 2: return [.. bytes.AsSpan(0, at), (byte)random.Next(256), .. bytes.AsSpan(at)];
            default: return bytes[..at];
        }
    }
}
