using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Definitions;

/// <summary>One file of <c>environments/</c>: where the definitions go and what the variables stand for there.</summary>
public sealed record EnvironmentSettings(string Name)
{
    /// <summary>Vapi's REST API. Default the US one; the EU one is <c>https://api.eu.vapi.ai</c>, another organisation with other keys.</summary>
    public Uri VapiBaseUrl { get; init; } = new("https://api.vapi.ai");

    /// <summary>Variable of the process environment that holds Vapi's private key. Default <c>VAPI_API_KEY</c>.</summary>
    public string VapiKeyVariable { get; init; } = "VAPI_API_KEY";

    /// <summary>Requests to Vapi per second. Default 2; the organisation's limit is not published.</summary>
    public double VapiRequestsPerSecond { get; init; } = 2;

    /// <summary>Whether credentials are created and changed. Default false: they are only looked up, by name.</summary>
    public bool ManagesCredentials { get; init; }

    /// <summary>Twilio's REST API. Default <c>https://api.twilio.com</c>.</summary>
    public Uri TwilioBaseUrl { get; init; } = new("https://api.twilio.com");

    /// <summary>Variable of the process environment that holds Twilio's auth token. Default <c>TWILIO_AUTH_TOKEN</c>.</summary>
    public string TwilioTokenVariable { get; init; } = "TWILIO_AUTH_TOKEN";

    /// <summary>Whether <c>http://127.0.0.1</c> may stand where a public https URL belongs. Default false.</summary>
    public bool AllowsLoopback { get; init; }

    /// <summary>Rules of <see cref="Rules.Practice"/> whose errors are only warnings here.</summary>
    public IReadOnlyList<string> Lenient { get; init; } = [];

    /// <summary>What <c>${name}</c> stands for: text, number or bool.</summary>
    public IReadOnlyDictionary<string, JsonValue> Variables { get; init; } = new Dictionary<string, JsonValue>();
}
