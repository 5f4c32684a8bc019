using System.Buffers;
using System.Text.Json;

namespace ToolBackend.Vapi.Messages;

/// <summary>A sentence that is spoken verbatim in place of a reply that the model makes from the result.</summary>
/// <param name="Content">What is said; a single line when written.</param>
/// <param name="EndCallAfterSpoken">Hang up afterwards.</param>
public sealed record SpokenMessage(string Content, bool EndCallAfterSpoken = false);

/// <summary>The answer to one tool call: HTTP 200 also for failures, which tell the model what to do next.</summary>
/// <param name="ToolCallId">Exactly the id received.</param>
/// <param name="Name">The tool's name; Vapi's schema requires it.</param>
/// <param name="Text">Result or error; written as a single line of at most <see cref="SpokenText.MaxLength"/>.</param>
/// <param name="IsError">Write <c>error</c> in place of <c>result</c>.</param>
/// <param name="Message">Optional sentence to speak verbatim.</param>
public sealed record ToolCallAnswer(string ToolCallId, string Name, string Text, bool IsError = false, SpokenMessage? Message = null)
{
    /// <summary>
    /// Writes <c>{"results":[...]}</c>. An id is answered once, by its first answer; answers without an id are all written, in order, since
    /// the sender can only match them by position.
    /// </summary>
    public static void Write(IBufferWriter<byte> output, IReadOnlyList<ToolCallAnswer> answers)
    {
        using var writer = AnswerWriter.Open(output);
        writer.WriteStartArray("results"u8);
        for (var i = 0; i < answers.Count; i++)
        {
            if (IsFirstOfItsId(answers, i))
            {
                answers[i].Write(writer);
            }
        }

        writer.WriteEndArray();
        AnswerWriter.Close(writer);
    }

    // What was said may be personal data.
    public override string ToString() => $"{Name} {ToolCallId} {(IsError ? "error" : "result")}";

    private static bool IsFirstOfItsId(IReadOnlyList<ToolCallAnswer> answers, int index)
    {
        var id = answers[index].ToolCallId;
        for (var i = 0; i < index && id.Length > 0; i++)
        {
            if (string.Equals(answers[i].ToolCallId, id, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("toolCallId"u8, ToolCallId);
        writer.WriteString("name"u8, Name);
        AnswerWriter.Text(writer, IsError ? "error" : "result", Text);
        if (Message is not null)
        {
            writer.WriteStartObject("message"u8);
            writer.WriteString("type"u8, IsError ? "request-failed"u8 : "request-complete"u8);
            writer.WriteString("role"u8, "assistant"u8);
            AnswerWriter.Text(writer, "content", Message.Content);
            if (Message.EndCallAfterSpoken)
            {
                writer.WriteBoolean("endCallAfterSpokenEnabled"u8, true);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
