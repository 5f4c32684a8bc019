using System.Buffers;
using System.Text.Json;

namespace ToolBackend.Voice.CallLog;

/// <summary>What all messages of a call say: which call it is, who calls whom, and who answers.</summary>
/// <param name="Caller">E.164; null when withheld.</param>
internal sealed record CallHeader(string CallSid, string? Caller, string? Line, string Assistant, TimeSpan MaxDuration)
{
    /// <summary>We called them.</summary>
    public bool IsOutbound { get; init; }

    /// <summary>Which stream of the call it is, from 1.</summary>
    public int Leg { get; init; } = 1;

    /// <summary>The pipeline's id of the call: each of its streams is a leg of its own.</summary>
    public string Id => PipelineEvents.RefOf(CallSid, Leg);
}

/// <summary>Writes a call's messages in the shape of Vapi's.</summary>
internal sealed class MessageWriter(CallHeader call)
{
    private static readonly JsonWriterOptions s_options = new() { SkipValidation = true };

    /// <param name="more">The message's own members.</param>
    public byte[] Write(string type, DateTimeOffset at, Action<Utf8JsonWriter> more)
    {
        var output = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(output, s_options);
        json.WriteStartObject();
        json.WriteStartObject("message");
        json.WriteString("type", type);
        json.WriteNumber("timestamp", at.ToUnixTimeMilliseconds());
        WriteCall(json);
        more(json);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return output.WrittenSpan.ToArray();
    }

    public void WriteAssistant(Utf8JsonWriter json, string member)
    {
        json.WriteStartObject(member);
        json.WriteString("name", call.Assistant);
        json.WriteNumber("maxDurationSeconds", (int)call.MaxDuration.TotalSeconds);
        json.WriteEndObject();
    }

    public static void WriteCalls(Utf8JsonWriter json, string member, IReadOnlyList<(string Id, string Name)> calls)
    {
        json.WriteStartArray(member);
        foreach (var (id, name) in calls)
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", name);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteCall(Utf8JsonWriter json)
    {
        json.WriteStartObject("call");
        json.WriteString("id", call.Id);
        json.WriteString("type", call.IsOutbound ? "outboundPhoneCall" : "inboundPhoneCall");
        json.WriteString("phoneCallProvider", "twilio");
        json.WriteString("phoneCallProviderId", call.CallSid);
        if (call.Caller is { } caller)
        {
            json.WriteStartObject("customer");
            json.WriteString("number", caller);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        if (call.Line is { } line)
        {
            json.WriteStartObject("phoneNumber");
            json.WriteString("number", line);
            json.WriteEndObject();
        }

        WriteAssistant(json, "assistant");
    }
}
