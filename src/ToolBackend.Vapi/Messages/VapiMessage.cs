namespace ToolBackend.Vapi.Messages;

/// <summary>
/// What ToolBackend reads of one server message. Everything except <see cref="Type"/> may be absent: web calls have no customer and
/// no phone number, and old assistants send old shapes. Memory slices (arguments, parameters) point into the body and are valid as long as it is.
/// ToString tells the kind only; the other members hold personal data.
/// </summary>
public sealed class VapiMessage
{
    /// <summary>The wire's type, verbatim.</summary>
    public required string Type { get; init; }

    public required VapiMessageKind Kind { get; init; }

    /// <summary>When the sender made the message; the only order that Vapi gives.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    public VapiCall? Call { get; init; }

    /// <summary>The caller as the telephone network reports it: <c>call.customer.number</c>, else <c>message.customer.number</c>. Never from a model.</summary>
    public string? CustomerNumber { get; init; }

    /// <summary>SIP URI of a caller who has no number.</summary>
    public string? CustomerSipUri { get; init; }

    /// <summary>The number that was called.</summary>
    public VapiPhoneNumber? PhoneNumber { get; init; }

    /// <summary>Absent for definitions that came inline.</summary>
    public string? AssistantId { get; init; }

    public string? AssistantName { get; init; }

    /// <summary><c>message.status</c> of a status update. (<c>call.status</c> is stale in real traffic and is not read.)</summary>
    public string? Status { get; init; }

    public string? EndedReason { get; init; }

    /// <summary>partial or final, of a transcript.</summary>
    public string? TranscriptType { get; init; }

    /// <summary>The calls to answer, each id once; empty for other kinds.</summary>
    public IReadOnlyList<VapiToolCall> ToolCalls { get; init; } = [];

    /// <summary>The legacy <c>function-call</c>, with an empty id.</summary>
    public VapiToolCall? FunctionCall { get; init; }

    /// <summary>UTF-8 JSON object of <c>message.parameters</c> (transfer and handoff requests), or empty.</summary>
    public ReadOnlyMemory<byte> Parameters { get; init; }

    internal ReadOnlyMemory<byte> ToolsWithCalls { get; init; }

    /// <summary>
    /// The static parameters that the definition of the tool gives to one call (<c>toolWithToolCallList[].parameters</c>), in order.
    /// They come from configuration, not from the model. Read on demand: most messages need none.
    /// </summary>
    public IReadOnlyList<StaticParameter> ReadStaticParameters(string toolCallId) => StaticParameterReader.Read(ToolsWithCalls, toolCallId);

    public override string ToString() => Kind.ToString();
}

/// <summary>The call as it was when it was created; its status is left out on purpose.</summary>
public sealed class VapiCall
{
    public string? Id { get; init; }

    /// <summary>inboundPhoneCall, outboundPhoneCall, webCall, ...</summary>
    public string? Type { get; init; }

    public string? OrgId { get; init; }

    public string? AssistantId { get; init; }

    public string? SquadId { get; init; }

    public string? PhoneNumberId { get; init; }

    /// <summary>The carrier's id: Twilio's CallSid.</summary>
    public string? PhoneCallProviderId { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public string? CustomerNumber { get; init; }

    public string? CustomerSipUri { get; init; }

    public ControlUrl? ControlUrl { get; init; }

    public override string ToString() => $"Call {Id}";
}

/// <summary>The phone number that a call came in on.</summary>
public sealed class VapiPhoneNumber
{
    public string? Id { get; init; }

    public string? Number { get; init; }

    public override string ToString() => $"PhoneNumber {Id}";
}

/// <summary>
/// Address that takes commands for a live call. Whoever has it controls the call, so it prints as a mask; the host differs per cell and is never guessed.
/// </summary>
public readonly struct ControlUrl(string value)
{
    public string Reveal() => value;

    public override string ToString() => "***";
}

/// <summary>One key and value of a tool's definition; the value is raw UTF-8 JSON.</summary>
public readonly record struct StaticParameter(string Key, ReadOnlyMemory<byte> Value)
{
    public override string ToString() => Key;
}
