using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Vapi.Bypass;
using ToolBackend.LocalStack.Simulators.Vapi.Calls;

namespace ToolBackend.LocalStack.Simulators.Vapi;

/// <summary>How an organisation at the simulated Vapi is set up.</summary>
public sealed record VapiSimulatorOptions
{
    /// <summary>The private key that is accepted when nothing else is said.</summary>
    public const string DefaultApiKey = "sim-vapi-private-key-0001";

    /// <summary>0 (default): one that the kernel chooses. Always 127.0.0.1.</summary>
    public int Port { get; init; }

    public string ApiKey { get; init; } = DefaultApiKey;

    /// <summary>The organisation's server. Null: calls can only be played against a target that is named when they are.</summary>
    public WebhookTarget? Webhook { get; init; }

    /// <summary>Calls that may be live at once; <c>POST /call</c> beyond it makes a call that is refused. Default 10.</summary>
    public int ConcurrencyLimit { get; init; } = 10;

    /// <summary>What control URLs want as bearer token, as with <c>controlAuthenticationEnabled</c>. Null (default): nothing.</summary>
    public string? ControlToken { get; init; }

    /// <summary>Script that is played when a call is created with <c>POST /call</c>. Null (default): the call stays queued.</summary>
    public Func<int, CallScript>? PlaysCreatedCalls { get; init; }

    /// <summary>How a call with <c>phoneCallProviderBypassEnabled</c> goes once its media socket is there; told of the call object. Default: it greets and repeats what it heard.</summary>
    public Func<JsonObject, BypassPlan> Bypass { get; init; } = _ => new BypassPlan();

    /// <summary>The TwiML of a bypass call, for one that is broken; told of the right one. Default the right one.</summary>
    public Func<string, string> BypassTwiml { get; init; } = twiml => twiml;

    /// <summary>Resources whose lists are objects with pages; all others are bare arrays. Vapi has moved some from one to the other. Default <c>structured-output</c>.</summary>
    public IReadOnlySet<string> PagedLists { get; init; } = new HashSet<string>(StringComparer.Ordinal) { "structured-output" };

    /// <summary>Told of a Twilio number (E.164) that was imported or saved: the real Vapi then writes its own addresses into the number at Twilio. Default nothing happens.</summary>
    public Action<string>? OnTwilioNumberSaved { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
