using System.Text.Json;

namespace ToolBackend.Vapi.Messages;

/// <summary>Where a call is sent. A closed set: number, SIP address, another assistant.</summary>
public abstract record VapiDestination
{
    private VapiDestination()
    {
    }

    /// <summary>Spoken before the transfer; an empty text transfers silently, null leaves it to Vapi.</summary>
    public string? Message { get; init; }

    /// <summary>A telephone number in E.164.</summary>
    public sealed record Number(string PhoneNumber) : VapiDestination
    {
        /// <summary>Dialled after the number is answered.</summary>
        public string? Extension { get; init; }

        /// <summary>Number shown to the one who is called.</summary>
        public string? CallerId { get; init; }

        /// <summary>Value of <c>transferPlan.mode</c>, such as <c>blind-transfer</c> or <c>warm-transfer-say-summary</c>. Null: Vapi's default.</summary>
        public string? TransferMode { get; init; }
    }

    /// <summary>A SIP address.</summary>
    public sealed record Sip(string SipUri) : VapiDestination;

    /// <summary>An assistant: by id where one is handed to (handoff), by name within a squad (transfer).</summary>
    public sealed record Assistant : VapiDestination
    {
        public string? AssistantId { get; init; }

        public string? AssistantName { get; init; }
    }

    internal void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("destination"u8);
        switch (this)
        {
            case Number number:
                writer.WriteString("type"u8, "number"u8);
                writer.WriteString("number"u8, number.PhoneNumber);
                AnswerWriter.Text(writer, "extension", number.Extension);
                AnswerWriter.Text(writer, "callerId", number.CallerId);
                if (number.TransferMode is { } mode)
                {
                    writer.WriteStartObject("transferPlan"u8);
                    writer.WriteString("mode"u8, mode);
                    writer.WriteEndObject();
                }

                break;
            case Sip sip:
                writer.WriteString("type"u8, "sip"u8);
                writer.WriteString("sipUri"u8, sip.SipUri);
                break;
            case Assistant assistant:
                writer.WriteString("type"u8, "assistant"u8);
                AnswerWriter.Text(writer, "assistantId", assistant.AssistantId);
                AnswerWriter.Text(writer, "assistantName", assistant.AssistantName);
                break;
        }

        AnswerWriter.Text(writer, "message", Message);
        writer.WriteEndObject();
    }
}
