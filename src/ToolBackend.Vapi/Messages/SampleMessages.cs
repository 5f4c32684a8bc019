using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ToolBackend.Vapi.Messages;

/// <summary>One tool call of a sample message; <paramref name="Arguments"/> is a JSON object.</summary>
public readonly record struct SampleToolCall(string Id, string Name, string Arguments);

/// <summary>
/// Builds messages in the order and with the repetitions of real traffic, of about a wanted size: the load driver, the demo
/// and the simulators send them. Everything in them is fictional. Same input, same bytes.
/// </summary>
public static class SampleMessages
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// A <c>tool-calls</c> message. Beyond the smallest size the rest is filled as in long calls: a third system prompt, two thirds history (twice, as Vapi does).
    /// </summary>
    /// <param name="calls">The tool calls, repeated in all three lists.</param>
    /// <param name="callId">Id of the call.</param>
    /// <param name="customerNumber">Caller in E.164; null makes a web call without customer and phone number.</param>
    /// <param name="sentAt">Becomes <c>message.timestamp</c>.</param>
    /// <param name="approximateBytes">Wanted size; 2,000 and 200,000 are what the benchmarks use. Never below what the calls need.</param>
    public static byte[] ToolCalls(IReadOnlyList<SampleToolCall> calls, string callId, string? customerNumber, DateTimeOffset sentAt, int approximateBytes = 2000)
    {
        return Sized("tool-calls", writer =>
        {
            WriteCalls(writer, "toolCalls", calls);
            WriteCalls(writer, "toolCallList", calls);
            WriteToolsWithCalls(writer, calls);
        }, callId, customerNumber, sentAt, approximateBytes);
    }

    /// <summary>A message of any other type, with the same surroundings.</summary>
    /// <param name="type">The type as it is on the wire.</param>
    /// <param name="members">The message's own members as JSON, such as <c>"status":"in-progress"</c>; each one set.</param>
    /// <param name="callId">Id of the call.</param>
    /// <param name="customerNumber">Caller in E.164; null makes a web call.</param>
    /// <param name="sentAt">Becomes <c>message.timestamp</c>.</param>
    /// <param name="approximateBytes">Wanted size.</param>
    public static byte[] Event(string type, IReadOnlyList<(string Name, string Json)> members, string callId, string? customerNumber, DateTimeOffset sentAt, int approximateBytes = 2000) =>
        Sized(type, writer =>
        {
            foreach (var (name, json) in members)
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(json);
            }
        }, callId, customerNumber, sentAt, approximateBytes);

    private static byte[] Sized(string type, Action<Utf8JsonWriter> own, string callId, string? customerNumber, DateTimeOffset sentAt, int approximateBytes)
    {
        var smallest = Build(type, own, callId, customerNumber, sentAt, string.Empty, 0);
        var rest = approximateBytes - smallest.Length;
        if (rest <= 0)
        {
            return smallest;
        }

        var turn = Build(type, own, callId, customerNumber, sentAt, string.Empty, 1).Length - smallest.Length;
        var turns = rest * 2 / 3 / turn;
        var filler = Math.Max(0, rest - (turns * turn));
        return Build(type, own, callId, customerNumber, sentAt, Prompt(filler), turns);
    }

    private static byte[] Build(string type, Action<Utf8JsonWriter> own, string callId, string? customerNumber, DateTimeOffset sentAt, string prompt, int turns)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, Options))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("message");
            writer.WriteNumber("timestamp", sentAt.ToUnixTimeMilliseconds());
            writer.WriteString("type", type);
            own(writer);
            WriteArtifact(writer, prompt, turns, sentAt);
            WriteCall(writer, callId, customerNumber);
            if (customerNumber is not null)
            {
                writer.WriteStartObject("phoneNumber");
                writer.WriteString("id", "5d7c0b52-0000-4000-8000-000000000001");
                writer.WriteString("number", "+12065550100");
                writer.WriteEndObject();
                writer.WriteStartObject("customer");
                writer.WriteString("number", customerNumber);
                writer.WriteEndObject();
            }

            WriteAssistant(writer, prompt);
            writer.WriteNull("assistantVersion");
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    private static void WriteCalls(Utf8JsonWriter writer, string list, IReadOnlyList<SampleToolCall> calls)
    {
        writer.WriteStartArray(list);
        foreach (var call in calls)
        {
            WriteCallItem(writer, call);
        }

        writer.WriteEndArray();
    }

    private static void WriteCallItem(Utf8JsonWriter writer, SampleToolCall call)
    {
        writer.WriteStartObject();
        writer.WriteString("id", call.Id);
        writer.WriteString("type", "function");
        writer.WriteStartObject("function");
        writer.WriteString("name", call.Name);
        writer.WritePropertyName("arguments");
        writer.WriteRawValue(call.Arguments);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteToolsWithCalls(Utf8JsonWriter writer, IReadOnlyList<SampleToolCall> calls)
    {
        writer.WriteStartArray("toolWithToolCallList");
        foreach (var call in calls)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "function");
            writer.WriteBoolean("async", false);
            writer.WriteStartObject("function");
            writer.WriteString("name", call.Name);
            writer.WriteString("description", "Answers from the company's own records.");
            writer.WriteEndObject();
            writer.WriteStartArray("messages");
            writer.WriteEndArray();
            writer.WritePropertyName("toolCall");
            WriteCallItem(writer, call);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteArtifact(Utf8JsonWriter writer, string prompt, int turns, DateTimeOffset sentAt)
    {
        writer.WriteStartObject("artifact");
        writer.WriteStartArray("messages");
        for (var i = 0; i < turns; i++)
        {
            writer.WriteStartObject();
            writer.WriteString("role", i % 2 == 0 ? "bot" : "user");
            writer.WriteString("message", Line(i));
            writer.WriteNumber("time", sentAt.ToUnixTimeMilliseconds() - ((turns - i) * 4000L));
            writer.WriteNumber("secondsFromStart", i * 4.25);
            writer.WriteNumber("duration", 3120);
            writer.WriteString("source", string.Empty);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("messagesOpenAIFormatted");
        if (prompt.Length > 0)
        {
            WriteTurn(writer, "system", prompt[..(prompt.Length / 2)]);
        }

        for (var i = 0; i < turns; i++)
        {
            WriteTurn(writer, i % 2 == 0 ? "assistant" : "user", Line(i));
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteTurn(Utf8JsonWriter writer, string role, string content)
    {
        writer.WriteStartObject();
        writer.WriteString("role", role);
        writer.WriteString("content", content);
        writer.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter writer, string callId, string? customerNumber)
    {
        writer.WriteStartObject("call");
        writer.WriteString("id", callId);
        writer.WriteString("orgId", "5d7c0b52-0000-4000-8000-000000000002");
        writer.WriteString("type", customerNumber is null ? "webCall" : "inboundPhoneCall");
        writer.WriteString("status", "ringing");
        writer.WriteStartObject("monitor");
        writer.WriteString("controlUrl", "https://cell-1.example.com/" + callId + "/control");
        writer.WriteEndObject();
        if (customerNumber is not null)
        {
            writer.WriteString("phoneCallProvider", "twilio");
            writer.WriteString("phoneCallProviderId", "CA" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(callId)).AsSpan(0, 16)));
            writer.WriteString("phoneNumberId", "5d7c0b52-0000-4000-8000-000000000001");
            writer.WriteStartObject("customer");
            writer.WriteString("number", customerNumber);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteAssistant(Utf8JsonWriter writer, string prompt)
    {
        writer.WriteStartObject("assistant");
        writer.WriteString("name", "Front desk");
        writer.WriteStartObject("model");
        writer.WriteString("provider", "groq");
        writer.WriteStartArray("messages");
        WriteTurn(writer, "system", prompt[(prompt.Length / 2)..]);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static string Line(int turn) =>
        string.Create(CultureInfo.InvariantCulture, $"Turn {turn % 10}: I said \"Thursday\", not Tuesday. Could you look again, please? It is for the same visit as before.");

    // Line breaks are as frequent as in prompts that people write, since an escape costs a reader more than a letter.
    private static string Prompt(int length)
    {
        const string text = "You answer the telephone for a clinic and a parcel desk. Speak in short sentences.\\Confirm dates aloud before you book anything. Never guess a reference. \n";
        return string.Create(length, text, static (span, text) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = text[i % text.Length];
            }
        });
    }
}
