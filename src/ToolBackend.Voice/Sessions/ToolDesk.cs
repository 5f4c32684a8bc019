using System.Text;
using ToolBackend.Core.Calls;
using ToolBackend.Core.Tools;
using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Audio;
using ToolBackend.Voice.Conversations;
using ToolBackend.Voice.Language;
using ToolBackend.Voice.Tools;

namespace ToolBackend.Voice.Sessions;

/// <summary>What became of a tool call.</summary>
/// <param name="Result">For the model.</param>
internal readonly record struct ToolResult(string Result, bool Failed);

/// <summary>
/// Runs the tools of one call. Those of the catalog run in this process, in the caller's scope and with the same deadlines as for Vapi; others at their own server, or the assistant's.
/// </summary>
internal sealed class ToolDesk(AssistantModel assistant, CallContext call, CallVariables texts, ToolCatalog catalog, ToolRunner runner, ToolServerClient servers)
{
    /// <summary>As the model is told of them.</summary>
    public IReadOnlyList<ModelTool> Offered { get; } = [.. assistant.Tools.Where(t => t.Name.Length > 0 && t.Type is "function" or "endCall" or "transferCall" or "dtmf" or "handoff").Where(t => t.Type is not "handoff" || t.HandsOverTo is not null).Select(Describe)];

    public ToolModel? Find(string name) => assistant.Tools.FirstOrDefault(t => string.Equals(NameOf(t), name, StringComparison.Ordinal));

    /// <summary>Whether it may run for a turn that is not confirmed: it changes nothing.</summary>
    public bool IsRead(string name) => catalog.Find(name) is { Effect: ToolEffect.Read };

    /// <summary>Goes on to its end whatever becomes of the reply that asked for it.</summary>
    /// <param name="tool">Its definition; null when the assistant has no such tool.</param>
    public async Task<ToolResult> RunAsync(ToolModel? tool, ModelToolCall asked)
    {
        if (catalog.Find(asked.Name) is null && tool is { Type: "function" } && (tool.Server ?? assistant.Server) is { } server)
        {
            var (result, failed) = await servers.AskAsync(server, WithStatic(tool, asked), call, assistant.Name).ConfigureAwait(false);
            return new ToolResult(result, failed);
        }

        var answer = await runner.RunAsync(asked.Name, asked.Id, Encoding.UTF8.GetBytes(asked.Arguments), call).ConfigureAwait(false);
        return new ToolResult(answer.Say, answer.Failed);
    }

    /// <summary>The definition's own arguments over those that the model wrote: who is calling is never the model's word.</summary>
    private ModelToolCall WithStatic(ToolModel tool, ModelToolCall asked)
    {
        if (tool.StaticParameters.Count == 0)
        {
            return asked;
        }

        var arguments = ModelArguments.Of(asked);
        foreach (var (name, value) in tool.StaticParameters)
        {
            arguments[name] = texts.Fill(value);
        }

        return asked with { Arguments = arguments.ToJsonString() };
    }

    private static ModelTool Describe(ToolModel tool) => tool.Type switch
    {
        "endCall" => new ModelTool(NameOf(tool), Or(tool.Description, "Ends the call. Use it when the caller needs nothing else and has said goodbye."), tool.Parameters),
        "transferCall" => new ModelTool(NameOf(tool), Or(tool.Description, "Connects the caller to a person. Use it when they ask for one, or when you cannot help."), tool.Parameters),
        "dtmf" => new ModelTool(
            NameOf(tool), Or(tool.Description, "Presses keys on the telephone, for a menu or an extension. w waits half a second, W a second."), tool.Parameters ?? KeyTones.Parameters),
        _ => new ModelTool(tool.Name, tool.Description, tool.Parameters),
    };

    private static string NameOf(ToolModel tool) => tool.Name;

    private static string Or(string text, string otherwise) => text.Length > 0 ? text : otherwise;
}
