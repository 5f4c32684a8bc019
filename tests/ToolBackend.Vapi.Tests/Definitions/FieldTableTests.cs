using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Tests.Definitions;

/// <summary>docs/fields.md says of every field of our schemas what the own pipeline does with it.</summary>
public sealed class FieldTableTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "fields.md"));

    public static TheoryData<string, string> Parts => new()
    {
        { "Assistant", "assistant" }, { "transcriber (deepgram)", "deepgramTranscriber" }, { "model", "groqModel" }, { "voice", "elevenLabsVoice" }, { "voice", "deepgramVoice" },
        { "Plans", "startSpeakingPlan" }, { "Plans", "stopSpeakingPlan" }, { "Plans", "keypadInputPlan" }, { "Plans", "formatPlan" }, { "Tools", "functionTool" }, { "Tools", "transferCallTool" }, { "Tools", "endCallTool" }, { "Squads", "squad" }, { "Squads", "squadMember" },
    };

    [Theory]
    [MemberData(nameof(Parts))]
    public void Every_field_has_its_row(string heading, string schema)
    {
        var begin = s_page.IndexOf($"\n## {heading}\n", StringComparison.Ordinal);
        begin.ShouldBeGreaterThan(0);
        var end = s_page.IndexOf("\n## ", begin + 4, StringComparison.Ordinal);
        var section = end < 0 ? s_page[begin..] : s_page[begin..end];
        Fields(schema).Where(field => !section.Contains($"`{field}`", StringComparison.Ordinal) && !section.Contains($".{field}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static IEnumerable<string> Fields(string schema)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "vapi", "schema");
        if (schema == "assistant")
        {
            return JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "assistant.json")))!["properties"]!.AsObject().Select(p => p.Key).ToList();
        }

        var common = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "common.json")))!;
        return (common["$defs"] ?? common)[schema]!["properties"]!.AsObject().Select(p => p.Key).ToList();
    }
}
