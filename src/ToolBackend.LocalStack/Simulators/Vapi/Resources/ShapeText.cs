using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ToolBackend.LocalStack.Simulators.Vapi.Resources;

/// <summary>The table as a file: one member a line, so that a change of Vapi's is a change of a few lines.</summary>
internal static class ShapeText
{
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(JsonObject table)
    {
        var text = new StringBuilder("{\n");
        WriteMembers(text, "bodies", table["bodies"]!.AsObject());
        text.Append(",\n\"shapes\": {\n");
        var shapes = table["shapes"]!.AsObject();
        var left = shapes.Count;
        foreach (var (name, members) in shapes)
        {
            WriteMembers(text, name, members!.AsObject());
            text.Append(--left > 0 ? ",\n" : "\n");
        }

        return text.Append("}\n}\n").ToString();
    }

    private static void WriteMembers(StringBuilder text, string name, JsonObject members)
    {
        text.Append('"').Append(name).Append("\": {\n");
        var left = members.Count;
        foreach (var (member, value) in members)
        {
            text.Append("  ").Append(JsonSerializer.Serialize(member, s_json)).Append(": ").Append(value!.ToJsonString(s_json)).Append(--left > 0 ? ",\n" : "\n");
        }

        text.Append('}');
    }
}
