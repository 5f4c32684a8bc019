using System.Buffers;
using System.Text.Json;

namespace ToolBackend.Vapi.Messages;

/// <summary>
/// Answer to <c>assistant-request</c>, which Vapi waits 7.5 s for in all: who takes the call. A closed set.
/// </summary>
public abstract record AssistantRequestAnswer
{
    private static readonly IReadOnlyDictionary<string, string> NoVariables = new Dictionary<string, string>(StringComparer.Ordinal);

    private AssistantRequestAnswer()
    {
    }

    /// <summary>Values for the templates (<c>{{firstName}}</c>) of the assistant or of all assistants of the squad.</summary>
    public IReadOnlyDictionary<string, string> VariableValues { get; init; } = NoVariables;

    /// <summary>A saved assistant.</summary>
    public sealed record SavedAssistant(string AssistantId) : AssistantRequestAnswer;

    /// <summary>A whole assistant, as the UTF-8 JSON object of Vapi's schema.</summary>
    public sealed record InlineAssistant(ReadOnlyMemory<byte> Json) : AssistantRequestAnswer;

    /// <summary>A saved squad.</summary>
    public sealed record SavedSquad(string SquadId) : AssistantRequestAnswer;

    /// <summary>Transfer at once, without an assistant.</summary>
    public sealed record Transfer(VapiDestination Destination) : AssistantRequestAnswer;

    /// <summary>Say <paramref name="Error"/> and hang up. Not blank: Vapi would say that an unknown error happened.</summary>
    public sealed record Refused(string Error) : AssistantRequestAnswer;

    // Variable values are about the caller.
    public sealed override string ToString() => GetType().Name;

    public void Write(IBufferWriter<byte> output)
    {
        using var writer = AnswerWriter.Open(output);
        switch (this)
        {
            case SavedAssistant saved:
                writer.WriteString("assistantId"u8, saved.AssistantId);
                WriteOverrides(writer, "assistantOverrides");
                break;
            case InlineAssistant inline:
                writer.WritePropertyName("assistant"u8);
                writer.WriteRawValue(inline.Json.Span);
                WriteOverrides(writer, "assistantOverrides");
                break;
            case SavedSquad squad:
                writer.WriteString("squadId"u8, squad.SquadId);
                WriteOverrides(writer, "squadOverrides");
                break;
            case Transfer transfer:
                transfer.Destination.Write(writer);
                break;
            case Refused refused:
                AnswerWriter.Text(writer, "error", AnswerWriter.Required(refused.Error, nameof(Refused.Error)));
                break;
        }

        AnswerWriter.Close(writer);
    }

    private void WriteOverrides(Utf8JsonWriter writer, string member)
    {
        if (VariableValues.Count == 0)
        {
            return;
        }

        writer.WriteStartObject(member);
        writer.WriteStartObject("variableValues"u8);
        foreach (var (name, value) in VariableValues)
        {
            writer.WriteString(name, SpokenText.SingleLine(value));
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
