using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ToolBackend.LocalStack.Stack;

/// <summary><c>.local/stack.json</c>: how any script finds the running stack. Written when all of it answers, removed at the end.</summary>
internal sealed record StackFile(
    StackFile.Server Api,
    StackFile.Server Voice,
    StackFile.PostgresPart Postgres,
    StackFile.RedisPart Redis,
    StackFile.SecretsPart Secrets,
    StackFile.SimulatorsPart Simulators,
    StackFile.PidsPart Pids,
    StackFile.DemoPart Demo)
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="PublicUrl">Of a tunnel through which real calls come; absent without one.</param>
    public sealed record Server(string Url, string? PublicUrl = null);

    public sealed record PostgresPart(string ConnectionString);

    public sealed record RedisPart(string Endpoint);

    /// <param name="TwilioAuthToken">What calls to the Voice host are signed with: the simulated account's, or the one in the environment.</param>
    public sealed record SecretsPart(string VapiWebhook, string OperatorKey, string? TwilioAuthToken = null)
    {
        /// <summary>The webhook's secret as a key of Standard Webhooks, as vapi/credentials/webhook.yaml signs with it.</summary>
        [JsonIgnore]
        public string SigningKey => "whsec_" + Convert.ToBase64String(Encoding.UTF8.GetBytes(VapiWebhook));
    }

    /// <summary>Vendors that are simulated. One is absent when the environment has a key of the real one.</summary>
    public sealed record SimulatorsPart(
        Simulator? Vapi,
        TwilioSimulator? Twilio = null,
        Simulator? Deepgram = null,
        [property: JsonPropertyName("elevenlabs")] Simulator? ElevenLabs = null,
        [property: JsonPropertyName("assemblyai")] Simulator? AssemblyAi = null,
        Simulator? Language = null);

    /// <param name="Url">Base address; everything below <c>/_sim</c> drives the simulator itself.</param>
    public sealed record Simulator(string Url, string ApiKey);

    public sealed record TwilioSimulator(string Url, string AccountSid);

    /// <summary>Postgres, Redis and simulators are absent when those given by the environment are used.</summary>
    public sealed record PidsPart(
        int Supervisor,
        int? Postgres,
        int? Redis,
        int Api,
        int Voice,
        int? Vapi,
        int? Twilio = null,
        int? Deepgram = null,
        [property: JsonPropertyName("elevenlabs")] int? ElevenLabs = null,
        [property: JsonPropertyName("assemblyai")] int? AssemblyAi = null,
        int? Language = null);

    /// <summary>A caller of the demo data, a shipment of theirs, and the numbers that they call.</summary>
    public sealed record DemoPart(string CallerPhone, string TrackingNumber, string ClinicLine, string CarrierLine)
    {
        public static DemoPart Seeded { get; } = new("+12065550142", "TB1042", "+12065550100", "+12065550101");
    }

    public void Write(string path) => PrivateFile.Write(path, JsonSerializer.Serialize(this, Json) + "\n");

    /// <summary>Null when there is no such file.</summary>
    public static StackFile? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<StackFile>(File.ReadAllText(path), Json);
        }
        catch (IOException)
        {
            // Missing, or removed between a look and the reading: nothing runs.
            return null;
        }
    }
}
