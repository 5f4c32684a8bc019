namespace ToolBackend.LocalStack.Simulators.Vapi.Calls;

public enum CallDirection
{
    Inbound,
    Outbound,

    /// <summary>From a browser: no customer, no phone number, no carrier.</summary>
    Web,
}

/// <summary>
/// What happens in a call. Together with a time of start it determines every byte of every message: same script, same start, same bytes.
/// </summary>
public sealed record CallScript
{
    /// <summary>Of the script, for people.</summary>
    public required string Name { get; init; }

    /// <summary>Ids and hesitations are drawn from it: another seed is another call.</summary>
    public int Seed { get; init; }

    /// <summary>Default: drawn from <see cref="Seed"/>.</summary>
    public string? CallId { get; init; }

    /// <summary>Twilio's id of the call. Default: drawn from <see cref="Seed"/>.</summary>
    public string? CallSid { get; init; }

    public CallDirection Direction { get; init; }

    /// <summary>E.164. Null for a caller who withholds it. Not sent for web calls.</summary>
    public string? CustomerNumber { get; init; } = "+12065550142";

    /// <summary>E.164 of the company's line. Not sent for web calls.</summary>
    public string LineNumber { get; init; } = "+12065550100";

    public ScriptedAssistant Assistant { get; init; } = ScriptedAssistant.Receptionist;

    /// <summary>The number has no assistant: the call begins with an <c>assistant-request</c>.</summary>
    public bool AsksForAssistant { get; init; }

    public required IReadOnlyList<ScriptTurn> Turns { get; init; }

    public CallEnding Ending { get; init; } = new("customer-ended-call");

    /// <summary>From the first message to the end of the call; the turns are stretched or pressed into it. Null: as long as the turns take.</summary>
    public TimeSpan? Length { get; init; }

    /// <summary>
    /// About how large a message is before the history grows on top, in bytes: the system prompt is filled up. 2,000 to 200,000 are real. Never below what the message needs.
    /// </summary>
    public int BodyBytes { get; init; } = 4000;

    /// <summary>Which messages are sent (<see cref="ServerMessageTypes"/>).</summary>
    public IReadOnlyList<string> ServerMessages { get; init; } = ServerMessageTypes.Lean;
}

/// <param name="Name">Up to 40 characters.</param>
/// <param name="Id">Its id in the organisation.</param>
/// <param name="Prompt">First words of its system prompt.</param>
/// <param name="Tools">Names of its function tools, sent expanded in every message.</param>
public sealed record ScriptedAssistant(string Name, string Id, string Prompt, IReadOnlyList<string> Tools)
{
    public static ScriptedAssistant Receptionist { get; } = new(
        "Receptionist", "5d7c0b52-0000-4000-8000-0000000000a1", "You answer the telephone of a clinic.", ["find_open_slots", "book_appointment", "list_appointments", "cancel_appointment"]);

    public static ScriptedAssistant Dispatcher { get; } = new(
        "Dispatcher", "5d7c0b52-0000-4000-8000-0000000000a2", "You answer the telephone of a parcel service.", ["track_shipment", "list_shipments", "change_delivery"]);
}

/// <summary>One thing that happens in a call.</summary>
public abstract record ScriptTurn;

/// <param name="InterruptedAt">Share of the text after which the caller speaks over it, 0 to 1. Null: heard in full.</param>
public sealed record AssistantSays(string Text, double? InterruptedAt = null) : ScriptTurn;

public sealed record CallerSays(string Text) : ScriptTurn;

/// <summary>The model calls functions, all of them in one message.</summary>
/// <param name="Hangs">The assistant is late because of it: a <c>hang</c> message is sent as well.</param>
/// <param name="IsLegacy">Sent as the old <c>function-call</c> message, which can hold only the first call.</param>
public sealed record CallsTools(IReadOnlyList<ScriptedToolCall> Calls, bool Hangs = false, bool IsLegacy = false) : ScriptTurn
{
    public CallsTools(string name, string arguments, string result)
        : this([new ScriptedToolCall(name, arguments, result)])
    {
    }
}

/// <param name="Arguments">A JSON object.</param>
/// <param name="Result">What the model hears when nobody answered for real.</param>
/// <param name="ArgumentsAfter">Arguments out of the results of all earlier calls, oldest first, as a model would choose them. Null: <paramref name="Arguments"/>.</param>
public sealed record ScriptedToolCall(string Name, string Arguments, string Result, Func<IReadOnlyList<string>, string?>? ArgumentsAfter = null);

/// <summary>The call is put through to a number; the assistant's part ends with it.</summary>
/// <param name="AsksFirst">The tool has no destinations: the server is asked with a <c>transfer-destination-request</c>.</param>
public sealed record Transfers(string Number, bool AsksFirst = false) : ScriptTurn;

/// <summary>Another assistant takes over.</summary>
/// <param name="AsksFirst">The destination is dynamic: the server is asked with a <c>handoff-destination-request</c>.</param>
public sealed record HandsOver(ScriptedAssistant To, bool AsksFirst = false) : ScriptTurn;

public sealed record Silence(TimeSpan For) : ScriptTurn;

/// <summary>A message that no turn of talk causes, such as <c>language-change-detected</c> or <c>session.created</c>.</summary>
public sealed record OtherMessage(string Type) : ScriptTurn;

/// <summary>How a call ends and what is told of it.</summary>
public sealed record CallEnding(string Reason)
{
    /// <summary>The call ended before anybody spoke: no turns, no start time.</summary>
    public bool BeforeStart { get; init; }

    /// <summary>Whether <c>status-update</c> with <c>ended</c> is sent. Vapi itself knows that the call ended in any case.</summary>
    public bool StatusIsSent { get; init; } = true;

    /// <summary>Whether the report is sent.</summary>
    public bool ReportIsSent { get; init; } = true;

    /// <summary>How long the analysis takes. Default 8 s.</summary>
    public TimeSpan ReportDelay { get; init; } = TimeSpan.FromSeconds(8);

    public string Summary { get; init; } = "The caller was helped.";

    /// <summary>JSON: Vapi's contract says a string such as <c>"true"</c>, a bare <c>true</c> has been seen. Null: no analysis (<c>{}</c>).</summary>
    public string? SuccessEvaluation { get; init; } = "\"true\"";

    /// <summary>JSON of a structured output's result; null: none.</summary>
    public string? Outcome { get; init; } = """{"resolved":true}""";
}
