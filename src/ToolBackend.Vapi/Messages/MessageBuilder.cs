using System.Text.Json;

namespace ToolBackend.Vapi.Messages;

/// <summary>Collects the members of one <c>message</c> object. Lists are kept as slices and read once it is known which one counts.</summary>
internal sealed class MessageBuilder
{
    private string? type;
    private string? status;
    private string? endedReason;
    private string? transcriptType;
    private (string? Id, string? Name) assistant;
    private (string? Number, string? SipUri) customer;
    private DateTimeOffset? timestamp;
    private VapiCall? call;
    private VapiPhoneNumber? phoneNumber;
    private ReadOnlyMemory<byte> toolCalls;
    private ReadOnlyMemory<byte> toolCallList;
    private ReadOnlyMemory<byte> toolsWithCalls;
    private ReadOnlyMemory<byte> functionCall;
    private ReadOnlyMemory<byte> parameters;

    /// <summary>Reads the object that the cursor is at the start of, to its end.</summary>
    public void Read(ref JsonCursor cursor)
    {
        var seen = new SeenMembers();
        Span<byte> scratch = stackalloc byte[64];
        while (cursor.NextProperty())
        {
            switch (cursor.Name(scratch))
            {
                case var name when name.SequenceEqual("type"u8):
                    seen.Add(0);
                    type = cursor.ReadText();
                    break;
                case var name when name.SequenceEqual("timestamp"u8):
                    seen.Add(1);
                    timestamp = ReadTimestamp(ref cursor);
                    break;
                case var name when name.SequenceEqual("call"u8):
                    seen.Add(2);
                    call = CallReader.ReadCall(ref cursor);
                    break;
                case var name when name.SequenceEqual("customer"u8):
                    seen.Add(3);
                    customer = CallReader.ReadCustomer(ref cursor);
                    break;
                case var name when name.SequenceEqual("phoneNumber"u8):
                    seen.Add(4);
                    phoneNumber = CallReader.ReadPhoneNumber(ref cursor);
                    break;
                case var name when name.SequenceEqual("assistant"u8):
                    seen.Add(5);
                    assistant = CallReader.ReadAssistant(ref cursor);
                    break;
                case var name when name.SequenceEqual("toolCalls"u8):
                    seen.Add(6);
                    toolCalls = cursor.SkipValue();
                    break;
                case var name when name.SequenceEqual("toolCallList"u8):
                    seen.Add(7);
                    toolCallList = cursor.SkipValue();
                    break;
                case var name when name.SequenceEqual("toolWithToolCallList"u8):
                    seen.Add(8);
                    toolsWithCalls = cursor.SkipValue();
                    break;
                case var name when name.SequenceEqual("functionCall"u8):
                    seen.Add(9);
                    functionCall = cursor.SkipValue();
                    break;
                case var name when name.SequenceEqual("parameters"u8):
                    seen.Add(10);
                    parameters = cursor.SkipValue();
                    break;
                case var name when name.SequenceEqual("status"u8):
                    seen.Add(11);
                    status = cursor.ReadText();
                    break;
                case var name when name.SequenceEqual("endedReason"u8):
                    seen.Add(12);
                    endedReason = cursor.ReadText();
                    break;
                case var name when name.SequenceEqual("transcriptType"u8):
                    seen.Add(13);
                    transcriptType = cursor.ReadText();
                    break;
                default:
                    cursor.SkipValue();
                    break;
            }
        }
    }

    /// <exception cref="MalformedException">There is no type.</exception>
    public VapiMessage Build()
    {
        var kind = VapiMessageKinds.Of(type ?? throw new MalformedException(MalformedReason.MissingType));
        return new VapiMessage
        {
            Type = type,
            Kind = kind,
            Timestamp = timestamp,
            Call = call,
            CustomerNumber = call?.CustomerNumber ?? customer.Number,
            CustomerSipUri = call?.CustomerSipUri ?? customer.SipUri,
            PhoneNumber = phoneNumber,
            AssistantId = assistant.Id,
            AssistantName = assistant.Name,
            Status = status,
            EndedReason = endedReason,
            TranscriptType = transcriptType,
            ToolCalls = kind == VapiMessageKind.ToolCalls ? ToolCallReader.Read(toolCallList, toolsWithCalls, toolCalls) : [],
            FunctionCall = kind == VapiMessageKind.FunctionCall ? ToolCallReader.ReadFunctionCall(functionCall) : null,
            Parameters = !parameters.IsEmpty && parameters.Span[0] == (byte)'{' ? parameters : default,
            ToolsWithCalls = toolsWithCalls,
        };
    }

    /// <summary>A number, or ISO 8601 as captures from before mid-2024 have it.</summary>
    private static DateTimeOffset? ReadTimestamp(ref JsonCursor cursor)
    {
        cursor.Read();
        if (cursor.TryGetNumber(out var value))
        {
            return VapiTime.FromNumber(value);
        }

        if (cursor.Token == JsonTokenType.String)
        {
            return VapiTime.FromText(cursor.TextHere());
        }

        cursor.SkipHere();
        return null;
    }
}
