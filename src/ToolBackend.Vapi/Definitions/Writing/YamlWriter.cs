using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Definitions.Writing;

/// <summary>JSON as the YAML that people write by hand: blocks, two blanks of indent, short lists on one line.</summary>
/// <remarks>Texts are written as they are: <c>${...}</c> in them is for <see cref="WrittenForms"/>.</remarks>
internal sealed class YamlWriter
{
    private const int Step = 2;

    /// <summary>Longest line with a list on it.</summary>
    private const int ListWidth = 120;

    private readonly StringBuilder _text = new();

    /// <summary>Lines of the members, each with its end; empty for none.</summary>
    public static string Members(JsonObject members, int indent = 0)
    {
        var writer = new YamlWriter();
        writer.WriteMembers(members, indent, isIndented: false);
        return writer._text.ToString();
    }

    /// <summary>Lines of one member.</summary>
    public static string Member(string name, JsonNode? value, int indent)
    {
        var writer = new YamlWriter();
        writer.Indent(indent);
        writer.WriteMember(name, value, indent);
        return writer._text.ToString();
    }

    /// <param name="isIndented">The first member stands behind a dash.</param>
    private void WriteMembers(JsonObject members, int indent, bool isIndented)
    {
        foreach (var (name, value) in members)
        {
            if (!isIndented)
            {
                Indent(indent);
            }

            isIndented = false;
            WriteMember(name, value, indent);
        }
    }

    private void WriteMember(string name, JsonNode? value, int indent)
    {
        // A hook's "on" is a bool to old YAML readers, and nobody writes it in quotes.
        _text.Append(name is "on" ? name : YamlText.Inline(name)).Append(':');
        switch (value)
        {
            case JsonObject { Count: > 0 } members:
                _text.Append('\n');
                WriteMembers(members, indent + Step, isIndented: false);
                break;
            case JsonArray { Count: > 0 } items when OnOneLine(items) is { } list && indent + name.Length + list.Length < ListWidth:
                _text.Append(' ').Append(list).Append('\n');
                break;
            case JsonArray { Count: > 0 } items:
                _text.Append('\n');
                WriteItems(items, indent + Step, isIndented: false);
                break;
            default:
                _text.Append(' ');
                WriteScalar(value, indent + Step);
                break;
        }
    }

    private void WriteItems(JsonArray items, int indent, bool isIndented)
    {
        foreach (var item in items)
        {
            if (!isIndented)
            {
                Indent(indent);
            }

            isIndented = false;
            _text.Append("- ");
            switch (item)
            {
                case JsonObject { Count: > 0 } members:
                    WriteMembers(members, indent + Step, isIndented: true);
                    break;
                case JsonArray { Count: > 0 } inner:
                    WriteItems(inner, indent + Step, isIndented: true);
                    break;
                default:
                    WriteScalar(item, indent + Step);
                    break;
            }
        }
    }

    /// <param name="indent">Of a block's lines.</param>
    private void WriteScalar(JsonNode? value, int indent)
    {
        switch (value?.GetValueKind())
        {
            case JsonValueKind.Object:
                _text.Append("{}\n");
                break;
            case JsonValueKind.Array:
                _text.Append("[]\n");
                break;
            case JsonValueKind.String when value.GetValue<string>() is var text && YamlText.IsBlock(text):
                _text.Append(YamlText.BlockHeader(text)).Append('\n');
                foreach (var line in (text.EndsWith('\n') ? text[..^1] : text).Split('\n'))
                {
                    if (line.Length > 0)
                    {
                        Indent(indent);
                    }

                    _text.Append(line).Append('\n');
                }

                break;
            case JsonValueKind.String:
                _text.Append(YamlText.Inline(value.GetValue<string>())).Append('\n');
                break;
            default:
                _text.Append(value?.ToJsonString() ?? "null").Append('\n');
                break;
        }
    }

    // Words and numbers only: sentences are easier to read one below the other.
    private static string? OnOneLine(JsonArray items)
    {
        var words = items.Select(item => item?.GetValueKind() switch
        {
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => item.ToJsonString(),
            JsonValueKind.String when item.GetValue<string>() is var text && !text.Contains(' ', StringComparison.Ordinal) && YamlText.IsPlain(text, inFlow: true) => text,
            _ => null,
        }).ToList();
        return words.Contains(null) ? null : $"[{string.Join(", ", words)}]";
    }

    private void Indent(int columns) => _text.Append(' ', columns);
}
