using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ToolBackend.LocalStack.Stack;

/// <summary><c>.local/stack.json</c>: how any script finds the running stack. Written when all of it answers, removed at the end.</summary>
internal sealed record StackFile(
    StackFile.Server Api,
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

    public sealed record Server(string Url);

    public sealed record PostgresPart(string ConnectionString);

    public sealed record RedisPart(string Endpoint);

    /// <param name="TwilioAuthToken">Of the simulated account; absent with the real Vapi.</param>
    public sealed record SecretsPart(string VapiWebhook, string OperatorKey, string? TwilioAuthToken = null)
    {
        /// <summary>The webhook's secret as a key of Standard Webhooks, as vapi/credentials/webhook.yaml signs with it.</summary>
        [JsonIgnore]
        public string SigningKey => "whsec_" + Convert.ToBase64String(Encoding.UTF8.GetBytes(VapiWebhook));
    }

    /// <summary>Vendors that are simulated. One is absent when the environment has a key of the real one.</summary>
    public sealed record SimulatorsPart(Simulator? Vapi, TwilioSimulator? Twilio = null);

    /// <param name="Url">Base address; everything below <c>/_sim</c> drives the simulator itself.</param>
    public sealed record Simulator(string Url, string ApiKey);

    public sealed record TwilioSimulator(string Url, string AccountSid);

    /// <summary>Postgres, Redis and simulators are absent when those given by the environment are used.</summary>
    public sealed record PidsPart(int Supervisor, int? Postgres, int? Redis, int Api, int? Vapi, int? Twilio = null);

    /// <summary>A caller of the demo data and a shipment of theirs.</summary>
    public sealed record DemoPart(string CallerPhone, string TrackingNumber)
    {
        public static DemoPart Seeded { get; } = new("+12065550142", "TB1042");
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
