using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ToolBackend.Core.Observability;
using ToolBackend.Vapi.Messages;

namespace ToolBackend.Vapi.Calls.Redaction;

/// <param name="Body">The redacted JSON.</param>
/// <param name="IsChanged">Whether anything was left out or masked.</param>
internal readonly record struct Redacted(ReadOnlyMemory<byte> Body, bool IsChanged);

/// <summary>
/// Copies JSON without its secrets, without what is repeated in every message, and with card numbers masked: one forward pass that leaps over what is left out
/// and copies untouched strings as they are. What a member's name means is in <see cref="NameRules"/>, what becomes of text in <see cref="ContentText"/>.
/// </summary>
internal ref struct MessageRedactor
{
    /// <summary>Characters of the shortest number that is masked; less text holds nothing to look for.</summary>
    private const int SmallestNumber = 9;

    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly Utf8JsonWriter writer;
    private readonly RedactionPlan plan;
    private readonly int level;
    private JsonCursor cursor;
    private bool isChanged;

    private MessageRedactor(ReadOnlyMemory<byte> body, Utf8JsonWriter writer, in RedactionPlan plan, int level)
    {
        (this.writer, this.plan, this.level) = (writer, plan, level);
        cursor = new JsonCursor(body);
    }

    /// <param name="body">Valid UTF-8.</param>
    /// <param name="place">What its outermost value is.</param>
    /// <param name="level">How many strings of JSON it is wrapped in.</param>
    /// <exception cref="JsonException">It is not JSON, as far as it is looked at.</exception>
    public static Redacted Redact(ReadOnlyMemory<byte> body, Place place, in RedactionPlan plan, int level = 0)
    {
        var output = new ArrayBufferWriter<byte>(Math.Clamp(body.Length, 256, 16 * 1024));
        using var json = new Utf8JsonWriter(output, s_options);
        var redactor = new MessageRedactor(body, json, plan, level);
        redactor.cursor.Read();
        redactor.WriteValue(place);
        // Text behind the value is an error that only a further read sees.
        redactor.cursor.Read();
        json.Flush();
        return new Redacted(output.WrittenMemory, redactor.isChanged);
    }

    private void WriteValue(Place place)
    {
        switch (cursor.Token)
        {
            case JsonTokenType.StartObject when place is Place.Scalar or Place.Identifier:
            case JsonTokenType.StartArray when place == Place.Scalar:
                cursor.SkipHere();
                writer.WriteNullValue();
                isChanged = true;
                break;
            case JsonTokenType.StartObject:
                WriteObject(place);
                break;
            case JsonTokenType.StartArray:
                WriteArray(place);
                break;
            case JsonTokenType.String:
                WriteText(place);
                break;
            case JsonTokenType.Number when place == Place.Content && IsCardNumber(cursor.RawValue):
                writer.WriteStringValue(SensitiveDigits.CardMask);
                isChanged = true;
                break;
            default:
                writer.WriteRawValue(cursor.RawToken, skipInputValidation: true);
                break;
        }
    }

    private void WriteObject(Place place)
    {
        var start = cursor;
        Span<byte> scratch = stackalloc byte[64];
        writer.WriteStartObject();
        while (cursor.NextProperty())
        {
            var name = cursor.Name(scratch);
            var rule = name.IsEmpty ? NameRule.Dropped : NameRules.Of(place, name, plan);
            if (rule.Action == NameAction.Keep && name.SequenceEqual("value"u8) && Lookahead.IsNamedSecret(start))
            {
                rule = NameRule.Masked;
            }

            switch (rule.Action)
            {
                case NameAction.Drop:
                    cursor.SkipValue();
                    isChanged = true;
                    break;
                case NameAction.Mask:
                    writer.WriteString(name, Sensitive.Mask);
                    cursor.SkipValue();
                    isChanged = true;
                    break;
                default:
                    WriteName(name, place);
                    cursor.Read();
                    WriteValue(rule.Next);
                    break;
            }
        }

        writer.WriteEndObject();
    }

    private void WriteArray(Place place)
    {
        writer.WriteStartArray();
        while (cursor.NextElement())
        {
            if (place != Place.History || !cursor.AtObject)
            {
                WriteValue(place);
            }
            else if (Lookahead.PlaceOf(cursor) is { } itemPlace)
            {
                WriteValue(itemPlace);
            }
            else
            {
                cursor.SkipHere();
                isChanged = true;
            }
        }

        writer.WriteEndArray();
    }

    /// <summary>Names are a vendor's, except in what a model made up.</summary>
    private readonly void WriteName(ReadOnlySpan<byte> name, Place place)
    {
        if (place == Place.Content && name.Length >= SmallestNumber && SensitiveDigits.MaskOrNull(Encoding.UTF8.GetString(name)) is { } masked)
        {
            writer.WritePropertyName(masked);
        }
        else
        {
            writer.WritePropertyName(name);
        }
    }

    private void WriteText(Place place)
    {
        var raw = cursor.RawValue;
        var textPlan = place is Place.Content or Place.ToolCalls ? plan : plan with { Text = TextMode.Whole };
        if (raw.Length < SmallestNumber && !cursor.IsEscaped && textPlan.Text != TextMode.Piece)
        {
            writer.WriteRawValue(cursor.RawToken, skipInputValidation: true);
            return;
        }

        var buffer = ArrayPool<char>.Shared.Rent(raw.Length);
        try
        {
            var text = buffer.AsSpan(0, JsonText.Unescape(raw, buffer, out var repaired));
            if (ContentText.CleanOrNull(text, place, textPlan, level) is { } cleaned)
            {
                writer.WriteStringValue(cleaned);
                isChanged = true;
            }
            else if (repaired)
            {
                writer.WriteStringValue(text);
                isChanged = true;
            }
            else
            {
                writer.WriteRawValue(cursor.RawToken, skipInputValidation: true);
            }
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    /// <summary>Whole numbers, also as models write them ("4111111111111111.0").</summary>
    private static bool IsCardNumber(ReadOnlySpan<byte> number)
    {
        var point = number.IndexOf((byte)'.');
        return point < 0 ? SensitiveDigits.IsCardNumber(number) : number[(point + 1)..].IndexOfAnyExcept((byte)'0') < 0 && SensitiveDigits.IsCardNumber(number[..point]);
    }
}
