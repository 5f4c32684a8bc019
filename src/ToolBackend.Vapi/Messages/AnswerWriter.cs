using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ToolBackend.Vapi.Messages;

/// <summary>The JSON writer of all answers. Letters of every script stay as they are: the body is application/json and never part of a page.</summary>
internal static class AnswerWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static Utf8JsonWriter Open(IBufferWriter<byte> output)
    {
        var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        return writer;
    }

    public static void Close(Utf8JsonWriter writer)
    {
        writer.WriteEndObject();
        writer.Flush();
    }

    /// <summary>Writes a line of text, unless it is null.</summary>
    public static void Text(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, SpokenText.SingleLine(value));
        }
    }

    /// <summary>Guards texts that Vapi would replace by a sentence of its own when they are blank.</summary>
    public static string Required(string text, string parameter) =>
        string.IsNullOrWhiteSpace(text) ? throw new ArgumentException("Vapi needs a text here.", parameter) : text;
}
