using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Sync.Comparison;

/// <summary>One form for values that mean the same: members in order, no null members, 1 for 1.0, \n for \r\n, no blanks at the end of a text.</summary>
public static class CanonicalJson
{
    public static byte[] Bytes(JsonNode? value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, value);
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static bool AreEqual(JsonNode? one, JsonNode? other) =>
        one is null || other is null ? one is null && other is null : Bytes(one).AsSpan().SequenceEqual(Bytes(other));

    /// <summary>A text as it is compared.</summary>
    public static string Text(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd();

    private static void Write(Utf8JsonWriter writer, JsonNode? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case JsonObject members:
                writer.WriteStartObject();
                foreach (var (name, member) in members.Where(member => member.Value is not null).OrderBy(member => member.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(name);
                    Write(writer, member);
                }

                writer.WriteEndObject();
                break;
            case JsonArray items:
                writer.WriteStartArray();
                foreach (var item in items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                WriteScalar(writer, value);
                break;
        }
    }

    private static void WriteScalar(Utf8JsonWriter writer, JsonNode value)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.String:
                writer.WriteStringValue(Text(value.GetValue<string>()));
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(Number(value.ToJsonString()));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static string Number(string text) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        // Dividing by a one of that many places takes the zeros off the end.
        ? (number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture)
        : double.Parse(text, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture);
}
