using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ToolBackend.LocalStack.Simulators.Vapi.Calls;

/// <summary>
/// The parts that every message of a call repeats, written once: <c>call</c>, <c>phoneNumber</c>, <c>customer</c>, <c>assistant</c>, secrets included as in real traffic.
/// </summary>
internal sealed class CallParts
{
    public static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const string Filler =
        " Speak in short sentences. Confirm the day, the time and the name aloud before you book anything. Never guess a reference; ask for it again.\nSay dates as people do: \"Thursday, December 3rd\".";

    private readonly Dictionary<ScriptedAssistant, byte[]> _assistants = [];
    private readonly CallScript _script;
    private readonly CallIds _ids;
    private readonly string _controlBase;

    public CallParts(CallScript script, CallIds ids, DateTimeOffset startedAt, string controlBase)
    {
        (_script, _ids, _controlBase) = (script, ids, controlBase);
        StaleCall = Write(json => WriteStaleCall(json, startedAt));
        PhoneNumber = IsWeb ? null : Write(WritePhoneNumber);
        Customer = IsWeb ? null : Write(WriteCustomer);
        Prompt = script.Assistant.Prompt;
        // The prompt is in a message twice: in the assistant and in the history, and there in two shapes.
        var rest = script.BodyBytes - StaleCall.Length - (PhoneNumber?.Length ?? 0) - (3 * Prompt.Length) - Assistant(script.Assistant).Length;
        Prompt = Filled(Prompt, Math.Max(0, rest / 3));
        _assistants.Clear();
    }

    /// <summary>System prompt of the first assistant, filled up to the script's body size.</summary>
    public string Prompt { get; }

    /// <summary>The call as it was when it was created: its status stays what it was then, in real traffic too.</summary>
    public byte[] StaleCall { get; }

    public byte[]? PhoneNumber { get; }

    public byte[]? Customer { get; }

    private bool IsWeb => _script.Direction == CallDirection.Web;

    public byte[] Assistant(ScriptedAssistant assistant) =>
        _assistants.TryGetValue(assistant, out var written) ? written : _assistants[assistant] = Write(json => WriteAssistant(json, assistant));

    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(output, Json))
        {
            write(json);
        }

        return output.WrittenSpan.ToArray();
    }

    public void WriteMonitor(Utf8JsonWriter json)
    {
        json.WriteStartObject("monitor");
        json.WriteString("listenUrl", $"{_controlBase.Replace("http", "ws", StringComparison.Ordinal)}/{ScriptSecrets.ControlKey}-{_ids.Call}/listen");
        json.WriteString("controlUrl", $"{_controlBase}/{ScriptSecrets.ControlKey}-{_ids.Call}/control");
        json.WriteEndObject();
    }

    private void WriteStaleCall(Utf8JsonWriter json, DateTimeOffset startedAt)
    {
        json.WriteStartObject();
        WriteIdentity(json);
        var created = Times.Iso(startedAt);
        json.WriteString("createdAt", created);
        json.WriteString("updatedAt", created);
        json.WriteString("status", _script.Direction == CallDirection.Inbound ? "ringing" : "queued");
        WriteMonitor(json);
        json.WriteEndObject();
    }

    /// <summary>The members of the call object that never change.</summary>
    public void WriteIdentity(Utf8JsonWriter json)
    {
        json.WriteString("id", _ids.Call);
        json.WriteString("orgId", CallIds.Org);
        json.WriteString("type", _script.Direction switch
        {
            CallDirection.Inbound => "inboundPhoneCall",
            CallDirection.Outbound => "outboundPhoneCall",
            _ => "webCall",
        });
        if (!_script.AsksForAssistant)
        {
            json.WriteString("assistantId", _script.Assistant.Id);
        }

        if (IsWeb)
        {
            return;
        }

        json.WriteString("phoneCallProvider", "twilio");
        json.WriteString("phoneCallProviderId", _ids.CallSid);
        json.WriteString("phoneCallTransport", "pstn");
        json.WriteString("phoneNumberId", _ids.PhoneNumber);
        json.WritePropertyName("customer");
        WriteCustomer(json);
        json.WriteStartObject("phoneCallProviderDetails");
        json.WriteString("sip", string.Empty);
        json.WriteString("authToken", ScriptSecrets.TwilioAuthToken);
        json.WriteEndObject();
    }

    private void WritePhoneNumber(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", _ids.PhoneNumber);
        json.WriteString("orgId", CallIds.Org);
        json.WriteString("number", _script.LineNumber);
        json.WriteString("name", "Main line");
        json.WriteString("provider", "twilio");
        json.WriteString("status", "active");
        json.WriteString("twilioAccountSid", TwilioAccountSid);
        json.WriteString("twilioAuthToken", ScriptSecrets.TwilioAuthToken);
        json.WriteEndObject();
    }

    public const string TwilioAccountSid = "AC00000000000000000000000000000001";

    private void WriteCustomer(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        if (_script.CustomerNumber is { } number)
        {
            json.WriteString("number", number);
        }

        json.WriteEndObject();
    }

    private void WriteAssistant(Utf8JsonWriter json, ScriptedAssistant assistant)
    {
        json.WriteStartObject();
        json.WriteString("id", assistant.Id);
        json.WriteString("orgId", CallIds.Org);
        json.WriteString("name", assistant.Name);
        json.WriteString("firstMessage", "Hello, how can I help?");
        json.WriteStartObject("transcriber");
        json.WriteString("provider", "deepgram");
        json.WriteString("model", "nova-3");
        json.WriteString("language", "en");
        json.WriteEndObject();
        json.WriteStartObject("voice");
        json.WriteString("provider", "11labs");
        json.WriteString("voiceId", "sarah");
        json.WriteBoolean("cachingEnabled", true);
        json.WriteEndObject();
        WriteModel(json, assistant);
        WriteServer(json, ScriptSecrets.ServerSecret, ScriptSecrets.ServerAuthorization);
        json.WriteStartArray("serverMessages");
        foreach (var type in _script.ServerMessages)
        {
            json.WriteStringValue(type);
        }

        json.WriteEndArray();
        json.WriteStartArray("credentials");
        json.WriteStartObject();
        json.WriteString("provider", "11labs");
        json.WriteString("apiKey", ScriptSecrets.CredentialKey);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteModel(Utf8JsonWriter json, ScriptedAssistant assistant)
    {
        json.WriteStartObject("model");
        json.WriteString("provider", "groq");
        json.WriteString("model", "llama-3.3-70b-versatile");
        json.WriteNumber("temperature", 0.2);
        json.WriteStartArray("messages");
        json.WriteStartObject();
        json.WriteString("role", "system");
        json.WriteString("content", assistant == _script.Assistant ? Prompt : assistant.Prompt);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("tools");
        foreach (var tool in assistant.Tools)
        {
            json.WriteStartObject();
            WriteTool(json, tool);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Members of a saved function tool as messages expand it.</summary>
    public static void WriteTool(Utf8JsonWriter json, string name)
    {
        json.WriteString("type", "function");
        json.WriteBoolean("async", false);
        json.WriteStartObject("function");
        json.WriteString("name", name);
        json.WriteString("description", "Answers from the company's own records.");
        json.WriteBoolean("strict", false);
        json.WriteStartObject("parameters");
        json.WriteString("type", "object");
        json.WriteStartObject("properties");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        WriteServer(json, ScriptSecrets.ToolSecret, ScriptSecrets.ToolAuthorization);
        json.WriteStartArray("messages");
        json.WriteEndArray();
    }

    private static void WriteServer(Utf8JsonWriter json, string secret, string authorization)
    {
        json.WriteStartObject("server");
        json.WriteString("url", "https://tools.example.com/vapi/webhook");
        json.WriteNumber("timeoutSeconds", 20);
        json.WriteString("secret", secret);
        json.WriteStartObject("headers");
        json.WriteString("Authorization", authorization);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Filled(string text, int length) => string.Create(text.Length + length, text, static (span, text) =>
    {
        text.CopyTo(span);
        for (var i = text.Length; i < span.Length; i++)
        {
            span[i] = Filler[(i - text.Length) % Filler.Length];
        }
    });
}
