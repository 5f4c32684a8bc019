using System.Globalization;
using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Tests.Definitions.Writing;

/// <summary>JSON of every shape, heavy on what YAML takes for something else. The same random numbers give the same values.</summary>
internal sealed class RandomJson(Random random)
{
    private static readonly string[] s_odd =
    [
        "", " ", "\n", "\n\n", "a\n", "a\n\n", "a\n\n\n", "\na", " a", "a ", "\ta", "a\t", "a\n b", " a\nb", "a\n\n  b\n", "a\n \nb", "a\n ", "a\n\t", "a\r\nb", "a\rb", "\r", "a\u0085b", "a\u2028b", "a\u2029b",
        "\0", "a\0b", "\u0001", "\u001b[31m", "\u007f", "\u0080", "\ufeff", "a\ufeffb", "\u200b", "\u202e", "\ufffe", "\uffff", "\ufffd", "\u00a0", "é", "e\u0301", "日本語", "🚀", "👩‍🚀", "\U000e0041",
        "null", "Null", "~", "true", "True", "false", "yes", "No", "on", "OFF", "y", "0", "-0", "1", "1.0", "1e3", "-1.5E-3", "0x1F", "0o7", "007", "1_000", "+1", ".5", ".nan", "-.inf", "12:30", "12:30:45",
        "2026-12-01", "2026-12-01T10:00:00Z", "+12065550100", "11labs", "-", "- a", "--", "---", "---\n", "a\n---\nb", "...", "?", "? a", ":", ": a", "a:", "a: b", "a:b", "#", "# a", "a # b", "a#b", "&a", "*a", "!a",
        "|", ">", "|-\n a", "%", "%YAML", "@a", "`a`", "'", "\"", "'a'", "\"a\"", "\\", "\\n", "a\\", "{", "}", "{}", "[]", "[a", "a]", "a, b", "{a: b}", "{{customer.number}}", "<<", "=",
        "${", "${x}", "$${", "$${x}", "$$${x}", "${${", "a${b", "$", "$$", "${env:HOME|x}", "${environment}", "}", "transcript[transcriptType=\"final\"]", "https://a.example/?b=c&d=#e", "a  b", "a\n# b", "# a\nb",
    ];

    private static readonly string[] s_words = ["name", "provider", "model", "a b", "x-y", "Größe", "1", "null", "no", "", " ", "a: b", "#", "\n", "\"", "tools:append", "${x}", "\0", "- a", "?", "key.with[dots]"];

    private static readonly string[] s_numbers = ["0", "-0", "1", "-1", "0.1", "1.50", "1e3", "1E+2", "-2.5e-7", "12345678901234567890", "0.1234567890123456789", "1e308", "9007199254740993"];

    public JsonObject Object(int depth = 0)
    {
        var members = new JsonObject();
        for (var i = random.Next(depth == 0 ? 1 : 0, 6); i > 0; i--)
        {
            members[random.Next(3) == 0 ? s_words[random.Next(s_words.Length)] : Letters()] = Value(depth + 1);
        }

        return members;
    }

    public string Text() => random.Next(4) switch
    {
        0 => s_odd[random.Next(s_odd.Length)],
        1 => string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => s_odd[random.Next(s_odd.Length)])),
        2 => string.Join(random.Next(2) == 0 ? "\n" : " ", Enumerable.Range(0, random.Next(1, 8)).Select(_ => random.Next(5) == 0 ? s_odd[random.Next(s_odd.Length)] : Letters())),
        _ => Letters(),
    };

    private JsonNode? Value(int depth) => random.Next(depth > 5 ? 6 : 9) switch
    {
        0 => null,
        1 => JsonValue.Create(random.Next(2) == 0),
        2 => JsonNode.Parse(s_numbers[random.Next(s_numbers.Length)]),
        3 => JsonNode.Parse(random.NextDouble().ToString("R", CultureInfo.InvariantCulture)),
        4 or 5 => JsonValue.Create(Text()),
        6 => new JsonArray([.. Enumerable.Range(0, random.Next(5)).Select(_ => Value(depth + 1))]),
        _ => Object(depth),
    };

    private string Letters() => new([.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => (char)('a' + random.Next(26)))]);
}
