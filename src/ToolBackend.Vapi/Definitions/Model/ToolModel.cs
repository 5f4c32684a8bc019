using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Definitions.Model;

/// <summary>All must hold for a message to be said.</summary>
/// <param name="Operator">eq, neq, gt, gte, lt or lte.</param>
/// <param name="Parameter">Name of an argument.</param>
public sealed record ToolMessageCondition(string Operator, string Parameter, string Value);

/// <summary>Something said around a tool call.</summary>
/// <param name="Type"><c>request-start</c>, <c>request-response-delayed</c>, <c>request-complete</c> or <c>request-failed</c>.</param>
/// <param name="Content">Empty: deliberately nothing.</param>
public sealed record ToolMessage(string Type, string Content)
{
    /// <summary>Of a delayed message.</summary>
    public TimeSpan After { get; init; }

    /// <summary>The request waits until this was said.</summary>
    public bool Blocking { get; init; }

    /// <summary><c>system</c>: a hint to the model, not spoken.</summary>
    public bool IsHint { get; init; }

    public bool EndCallAfterSpoken { get; init; }

    public IReadOnlyList<ToolMessageCondition> Conditions { get; init; } = [];
}

/// <summary>Where a tool's calls go when they do not go to our own catalog.</summary>
/// <param name="Credential">Name of a credential definition.</param>
public sealed record ToolServer(string Url, TimeSpan Timeout, string? Credential)
{
    /// <summary>The <c>server</c> of a tool or an assistant.</summary>
    internal static ToolServer? Of(JsonObject body) =>
        body.TextAt("server.url") is { } url ? new ToolServer(url, Read.Seconds(body, "server.timeoutSeconds", 20), body.TextAt("server.credentialId")) : null;
}

/// <summary>A number that callers are connected to.</summary>
/// <param name="Message">Said before; null: a sentence of ours.</param>
public sealed record TransferNumber(string Number, string? Message)
{
    /// <summary>Said to the person who answers, before they are connected (<c>warm-transfer-say-message</c>); null for nothing. Still has its templates.</summary>
    public string? Warm { get; init; }

    /// <summary>Whom the person sees calling; null: the caller, or our line where we placed the call. Still has its templates.</summary>
    public string? CallerId { get; init; }

    /// <summary>Keys pressed when the number has answered; null for none.</summary>
    public string? Extension { get; init; }

    /// <summary>For the person to answer (<c>transferPlan.dialTimeout</c>), 5 s to 10 minutes; null leaves it to the pipeline.</summary>
    public TimeSpan? Ring { get; init; }
}

/// <summary>What our own pipeline honours of a tool; the rest is in <see cref="Body"/>.</summary>
/// <param name="Type">function, transferCall, endCall, dtmf, handoff, ...</param>
/// <param name="Name">As the model sees it.</param>
public sealed record ToolModel(string Type, string Name, JsonObject Body)
{
    public string Description { get; init; } = "";

    /// <summary>JSON schema of the arguments; null when the tool has none.</summary>
    public JsonObject? Parameters { get; init; }

    /// <summary>The model does not wait for the result.</summary>
    public bool Async { get; init; }

    /// <summary>Null: the catalog, or the assistant's server.</summary>
    public ToolServer? Server { get; init; }

    public IReadOnlyList<ToolMessage> Messages { get; init; } = [];

    /// <summary>Merged over what the model wrote; texts may have templates.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonNode?>> StaticParameters { get; init; } = [];

    /// <summary>Of a <c>transferCall</c>: numbers that it may connect to. None: the desk that is open.</summary>
    public IReadOnlyList<TransferNumber> Destinations { get; init; } = [];

    /// <summary>Of a <c>handoff</c> that a squad makes: Vapi's name of the member that takes over; null for other tools.</summary>
    public string? HandsOverTo { get; init; }

    /// <summary>Variables from the result: name, and a template over <c>$</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Aliases { get; init; } = [];

    internal static ToolModel Of(JsonObject body)
    {
        var type = body.TextAt("type") ?? "";
        return new ToolModel(type, body.TextAt("function.name") ?? body.TextAt("name") ?? type, body)
        {
            Description = body.TextAt("function.description") ?? body.TextAt("description") ?? "",
            Parameters = body.ObjectAt("function.parameters"),
            Async = body.FlagAt("async") ?? false,
            Server = ToolServer.Of(body),
            Messages = [.. body.ObjectsAt("messages").Select(m => Message(m.Item))],
            Destinations =
            [
                .. body.ObjectsAt("destinations").Where(d => d.Item.TextAt("type") is "number" && d.Item.TextAt("number") is not null)
                    .Select(d => new TransferNumber(d.Item.TextAt("number")!, d.Item.TextAt("message"))
                    {
                        CallerId = d.Item.TextAt("callerId"),
                        Extension = d.Item.TextAt("extension"),
                        Ring = d.Item.NumberAt("transferPlan.dialTimeout") is { } ring ? TimeSpan.FromSeconds(Math.Clamp(ring, 5, 600)) : null,
                        Warm = d.Item.TextAt("transferPlan.mode") is "warm-transfer-say-message" ? d.Item.TextAt("transferPlan.message") : null,
                    }),
            ],
            StaticParameters = [.. body.ObjectsAt("parameters").Where(p => p.Item["key"].AsText() is not null).Select(p => KeyValuePair.Create(p.Item.TextAt("key")!, p.Item["value"]))],
            Aliases = [.. body.ObjectsAt("variableExtractionPlan.aliases").Select(a => KeyValuePair.Create(a.Item.TextAt("key") ?? "", a.Item.TextAt("value") ?? "")).Where(a => a.Key.Length > 0)],
        };
    }

    private static ToolMessage Message(JsonObject message) => new(message.TextAt("type") ?? "", message.TextAt("content") ?? FirstText(message) ?? "")
    {
        After = TimeSpan.FromMilliseconds(message.NumberAt("timingMilliseconds") ?? 0),
        Blocking = message.FlagAt("blocking") ?? false,
        IsHint = message.TextAt("role") == "system",
        EndCallAfterSpoken = message.FlagAt("endCallAfterSpokenEnabled") ?? false,
        Conditions = [.. message.ObjectsAt("conditions").Select(c => new ToolMessageCondition(c.Item.TextAt("operator") ?? "eq", c.Item.TextAt("param") ?? "", c.Item.TextAt("value") ?? ""))],
    };

    private static string? FirstText(JsonObject message) => message.ObjectsAt("contents").Select(c => c.Item.TextAt("text")).FirstOrDefault(text => text is not null);
}
