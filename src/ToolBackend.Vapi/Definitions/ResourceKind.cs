namespace ToolBackend.Vapi.Definitions;

/// <summary>The kinds of resource that definition files can hold, in the order in which they can be created.</summary>
public enum ResourceKind
{
    Credential,
    Tool,
    StructuredOutput,
    Assistant,
    Squad,
    PhoneNumber,
}

/// <summary>Where each kind lives, on disk and at Vapi.</summary>
public static class ResourceKinds
{
    public static IReadOnlyList<ResourceKind> All { get; } = Enum.GetValues<ResourceKind>();

    /// <summary>Folder inside the definitions folder, such as <c>structured-outputs</c>.</summary>
    public static string Folder(this ResourceKind kind) => kind switch
    {
        ResourceKind.Credential => "credentials",
        ResourceKind.Tool => "tools",
        ResourceKind.StructuredOutput => "structured-outputs",
        ResourceKind.Assistant => "assistants",
        ResourceKind.Squad => "squads",
        ResourceKind.PhoneNumber => "phone-numbers",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>As people say it, such as <c>structured output</c>.</summary>
    public static string Noun(this ResourceKind kind) => kind switch
    {
        ResourceKind.Credential => "credential",
        ResourceKind.Tool => "tool",
        ResourceKind.StructuredOutput => "structured output",
        ResourceKind.Assistant => "assistant",
        ResourceKind.Squad => "squad",
        ResourceKind.PhoneNumber => "phone number",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>Path of Vapi's REST resource, such as <c>/structured-output</c>.</summary>
    public static string RestPath(this ResourceKind kind) => kind switch
    {
        ResourceKind.Credential => "/credential",
        ResourceKind.Tool => "/tool",
        ResourceKind.StructuredOutput => "/structured-output",
        ResourceKind.Assistant => "/assistant",
        ResourceKind.Squad => "/squad",
        ResourceKind.PhoneNumber => "/phone-number",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
