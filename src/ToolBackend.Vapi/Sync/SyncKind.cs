using ToolBackend.Vapi.Definitions;

namespace ToolBackend.Vapi.Sync;

/// <summary>What is kept in step with the files, in the order in which it is created; deletes go the other way.</summary>
public enum SyncKind
{
    Credential,
    Tool,
    StructuredOutput,
    Assistant,
    Squad,
    PhoneNumber,

    /// <summary>The addresses that a number calls at Twilio: the <c>routing:</c> of a phone number. Changed, never created or deleted.</summary>
    NumberRouting,
}

/// <summary>Names of the kinds and their place among definitions.</summary>
public static class SyncKinds
{
    public static IReadOnlyList<SyncKind> All { get; } = Enum.GetValues<SyncKind>();

    /// <summary>The kinds that Vapi has; the rest is Twilio's.</summary>
    public static IReadOnlyList<SyncKind> AtVapi { get; } = [.. All.Where(kind => kind != SyncKind.NumberRouting)];

    /// <summary>As keys, files and options write it, such as <c>structured-output</c>.</summary>
    public static string Word(this SyncKind kind) => kind switch
    {
        SyncKind.NumberRouting => "number-routing",
        _ => kind.Resource().RestPath()[1..],
    };

    /// <summary>As people say it.</summary>
    public static string Noun(this SyncKind kind) => kind == SyncKind.NumberRouting ? "number routing" : kind.Resource().Noun();

    /// <summary>The kind of definition behind it; phone numbers' files hold the routing too.</summary>
    public static ResourceKind Resource(this SyncKind kind) => kind switch
    {
        SyncKind.Credential => ResourceKind.Credential,
        SyncKind.Tool => ResourceKind.Tool,
        SyncKind.StructuredOutput => ResourceKind.StructuredOutput,
        SyncKind.Assistant => ResourceKind.Assistant,
        SyncKind.Squad => ResourceKind.Squad,
        SyncKind.PhoneNumber or SyncKind.NumberRouting => ResourceKind.PhoneNumber,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static SyncKind Of(ResourceKind kind) => AtVapi.First(candidate => candidate.Resource() == kind);
}
