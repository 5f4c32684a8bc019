using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions;

namespace ToolBackend.Vapi.Sync.World;

/// <summary>One object as Vapi lists it, or a number as Twilio does.</summary>
/// <param name="Id">Vapi's id; the SID of a Twilio number.</param>
/// <param name="Name">
/// What it is looked up by: <c>function.name</c> or <c>name</c> of a tool, the number itself (E.164) of routing, <c>name</c> of all others. Null when it has none; names are
/// not unique at Vapi.
/// </param>
/// <param name="Body">As it came, secrets included: not to be printed, written or changed. See <c>Normaliser</c>.</param>
public sealed record RemoteResource(SyncKind Kind, string Id, string? Name, JsonObject Body)
{
    /// <summary>One of Vapi's own defaults, which nobody can change.</summary>
    public bool IsPlatformDefault => Body.TryGetPropertyValue("orgId", out var organization) && organization is null;

    /// <summary>The organisation that it belongs to; null when it does not say.</summary>
    public string? Organization => Body.TextAt("orgId");

    /// <summary>Null when the object has no id.</summary>
    public static RemoteResource? Of(SyncKind kind, JsonObject body) =>
        body.TextAt("id") is { Length: > 0 } id ? new RemoteResource(kind, id, NameOf(kind, body), body) : null;

    /// <summary>The name that a body is looked up by; the same for what is sent and what comes back.</summary>
    public static string? NameOf(SyncKind kind, JsonObject body) => kind switch
    {
        SyncKind.Tool => body.TextAt("function.name") ?? body.TextAt("name"),
        SyncKind.NumberRouting => body.TextAt("number"),
        _ => body.TextAt("name"),
    };
}
