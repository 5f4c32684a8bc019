using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ToolBackend.Core.Calls.Orders;

/// <summary>What a Voice host is to do at the carrier.</summary>
public enum OrderKind
{
    /// <summary>Call somebody.</summary>
    Place,

    /// <summary>Connect a live call to a person.</summary>
    Forward,

    /// <summary>End a live call.</summary>
    HangUp,
}

public enum OrderState
{
    Waiting,

    /// <summary>A host is doing it.</summary>
    Taken,

    Done,

    /// <summary>Certainly not done.</summary>
    Failed,

    /// <summary>Perhaps done: the vendor did not say, or the host that did it is gone. It is never repeated.</summary>
    Unknown,
}

/// <summary>Request of <see cref="OrderKind.Place"/>.</summary>
/// <param name="Assistant">Its name in the definitions.</param>
/// <param name="To">E.164.</param>
/// <param name="From">Our line, E.164; null: the one line that there is for this assistant.</param>
public sealed record PlaceRequest(string Assistant, string To, string? From);

/// <summary>Request of <see cref="OrderKind.Forward"/>: what Vapi says of a transfer's destination.</summary>
/// <param name="To">E.164, or a <c>sip:</c> address.</param>
/// <param name="VapiCall">Vapi's id of the call, which knows what was said.</param>
/// <param name="Assistant">Who talked; null when Vapi did not say.</param>
public sealed record ForwardRequest(string To, string VapiCall, string? Assistant)
{
    /// <summary>Whom the person sees calling; null leaves it to the carrier.</summary>
    public string? CallerId { get; init; }

    /// <summary>Keys pressed when the number has answered; null for none.</summary>
    public string? Extension { get; init; }

    /// <summary>Said to the person who answers, before they are connected; null for nothing.</summary>
    public string? Warm { get; init; }

    /// <summary>Seconds to answer; null leaves it to the host.</summary>
    public int? RingSeconds { get; init; }
}

/// <summary>Request of <see cref="OrderKind.HangUp"/>.</summary>
public sealed record HangUpRequest;

/// <summary>Something that was asked of the Voice hosts, and what became of it. Prints without numbers.</summary>
/// <param name="Key">Whoever asks again with it gets this order.</param>
/// <param name="CallSid">The carrier's id of the live call; null for <see cref="OrderKind.Place"/>.</param>
/// <param name="Request">JSON of a <see cref="PlaceRequest"/> and so on; null once it is settled.</param>
/// <param name="Side">Who talks in a placed call: vapi or pipeline.</param>
/// <param name="CallRef">Id of the placed call at Vapi, or at the carrier.</param>
/// <param name="Reason">Of <see cref="OrderState.Failed"/> and <see cref="OrderState.Unknown"/>, a word.</param>
public sealed record CallOrder(Guid Id, string Key, OrderKind Kind, string? CallSid, string? Request, DateTimeOffset AskedAt, OrderState State, string? Side, string? CallRef, string? Reason)
{
    public bool IsSettled => State is OrderState.Done or OrderState.Failed or OrderState.Unknown;

    public T Read<T>() => JsonSerializer.Deserialize<T>(Request ?? throw new InvalidOperationException("The order is settled."))!;

    public override string ToString() => $"{Kind} {Id}: {State}";
}

/// <summary>An order that is given.</summary>
public sealed record NewOrder(string Key, OrderKind Kind, string? CallSid, string Request, string AskedBy)
{
    /// <summary>How long it may wait for a host. Default 30 s: a caller waits, or a person at a console.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    internal byte[] Fingerprint => SHA256.HashData(Encoding.UTF8.GetBytes($"{Kind} {CallSid} {Request}"));

    public static NewOrder Of<T>(string key, OrderKind kind, string? callSid, T request, string askedBy) => new(key, kind, callSid, JsonSerializer.Serialize(request), askedBy);

    public override string ToString() => $"{Kind} {Key}";
}
