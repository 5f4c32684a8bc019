using System.Text.Json.Nodes;

namespace ToolBackend.Voice.Language;

public enum ModelRole
{
    System,
    User,
    Assistant,
    Tool,
}

/// <summary>A call of a tool as the model wrote it.</summary>
/// <param name="Id">The model's own; unique in the conversation.</param>
/// <param name="Arguments">JSON text; <c>{}</c> when the model wrote none. Not checked.</param>
public sealed record ModelToolCall(string Id, string Name, string Arguments);

/// <summary>One message of the conversation as a model reads it.</summary>
public sealed record ModelMessage(ModelRole Role, string Content)
{
    /// <summary>Of an assistant's message; their results follow as <see cref="ModelRole.Tool"/> messages.</summary>
    public IReadOnlyList<ModelToolCall> ToolCalls { get; init; } = [];

    /// <summary>Of a tool's result.</summary>
    public string? ToolCallId { get; init; }
}

/// <summary>A function that the model may call.</summary>
/// <param name="Parameters">JSON schema; null for none.</param>
public sealed record ModelTool(string Name, string Description, JsonObject? Parameters);

/// <summary>What a model is asked.</summary>
/// <param name="Model">The vendor's own id.</param>
public sealed record ModelRequest(string Model, IReadOnlyList<ModelMessage> Messages)
{
    public IReadOnlyList<ModelTool> Tools { get; init; } = [];

    /// <summary>0 to 2; null leaves it to the vendor.</summary>
    public double? Temperature { get; init; }

    /// <summary>Reasoning counts.</summary>
    public int MaxTokens { get; init; } = 250;

    /// <summary>low, medium or high; null is not sent: models that do not reason refuse it.</summary>
    public string? ReasoningEffort { get; init; }

    /// <summary>Groups requests of one call at vendors that keep a prompt's state; null for none.</summary>
    public string? CallId { get; init; }
}
