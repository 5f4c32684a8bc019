using System.Text.Json;
using ToolBackend.Core.Calls.Events;

namespace ToolBackend.Vapi.Calls.Facts;

/// <summary>Who said what, and which tools were called with what result, from a conversation in any of Vapi's four shapes.</summary>
internal sealed class ConversationFacts
{
    public const int MaxTextLength = 16 * 1024;
    private const int MaxUtterances = 4000;
    private const int MaxTools = 500;

    private readonly List<Utterance> utterances = [];
    private readonly List<ToolCallFact> tools = [];

    public IReadOnlyList<Utterance>? Utterances => utterances.Count > 0 ? utterances : null;

    public IReadOnlyList<ToolCallFact>? Tools => tools.Count > 0 ? tools : null;

    /// <summary>The copy that redaction left in.</summary>
    public static ConversationFacts Of(JsonElement message)
    {
        var facts = new ConversationFacts();
        var artifact = message.Get("artifact"u8);
        foreach (var copy in new[] { message.Get("messages"u8), artifact.Get("messages"u8), message.Get("conversation"u8), message.Get("messagesOpenAIFormatted"u8), artifact.Get("messagesOpenAIFormatted"u8) })
        {
            foreach (var item in copy.Items())
            {
                facts.Add(item);
            }
        }

        if (facts.utterances.Count == 0 && facts.tools.Count == 0)
        {
            facts.AddLines(message.Get("transcript"u8).Sentence(int.MaxValue) ?? artifact.Get("transcript"u8).Sentence(int.MaxValue) ?? string.Empty);
        }

        return facts;
    }

    /// <summary>Our own pipeline says where a caller stopped listening; Vapi does not.</summary>
    public static bool IsInterrupted(JsonElement item) => item.Get("interrupted"u8).ValueKind == JsonValueKind.True;

    private void Add(JsonElement item)
    {
        switch (item.Get("role"u8).Id(BoundedText.Word))
        {
            case "bot" or "assistant":
                AddUtterance("assistant", item);
                // OpenAI's shape calls tools in the assistant's turn.
                AddToolCalls(item);
                break;
            case "user":
                AddUtterance("user", item);
                break;
            case "tool_calls":
                AddToolCalls(item);
                break;
            case "tool_call_result" or "tool":
                AddResult(item);
                break;
        }
    }

    private void AddUtterance(string role, JsonElement item)
    {
        if (TextOf(item) is { } text && utterances.Count < MaxUtterances)
        {
            var at = item.Get("time"u8).Time();
            var until = item.Get("endTime"u8).Time();
            utterances.Add(new Utterance(role, text, at, until >= at ? until : null, IsInterrupted(item)));
        }
    }

    private void AddToolCalls(JsonElement item)
    {
        var at = item.Get("time"u8).Time();
        foreach (var call in item.Get("toolCalls"u8).Items().Concat(item.Get("tool_calls"u8).Items()))
        {
            var name = call.Get("function"u8).Get("name"u8).Sentence(BoundedText.Name) ?? call.Get("name"u8).Sentence(BoundedText.Name);
            if (call.Get("id"u8).Id() is { } id && name is not null && tools.Count < MaxTools)
            {
                tools.Add(new ToolCallFact(id, name, at));
            }
        }
    }

    private void AddResult(JsonElement item)
    {
        var id = item.Get("toolCallId"u8).Id() ?? item.Get("tool_call_id"u8).Id();
        var result = item.Get("result"u8).Sentence(MaxTextLength) ?? item.Get("content"u8).Sentence(MaxTextLength);
        var at = tools.FindIndex(tool => tool.Id == id);
        if (at >= 0)
        {
            tools[at] = tools[at] with { Result = result ?? tools[at].Result };
        }
        else if (id is not null && tools.Count < MaxTools)
        {
            tools.Add(new ToolCallFact(id, item.Get("name"u8).Sentence(BoundedText.Name) ?? "unknown", item.Get("time"u8).Time(), result));
        }
    }

    private static string? TextOf(JsonElement item)
    {
        var content = item.Get("content"u8);
        return item.Get("message"u8).Sentence(MaxTextLength) ?? content.Sentence(MaxTextLength)
            ?? BoundedText.Cut(string.Join(' ', content.Items().Select(part => part.Get("text"u8).Sentence(MaxTextLength)).OfType<string>()), MaxTextLength);
    }

    /// <summary>"AI: Hello" and "User: Hi", one a line; a line without a speaker goes on with the one before.</summary>
    private void AddLines(string transcript)
    {
        foreach (var line in transcript.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (role, text) = line switch
            {
                _ when line.StartsWith("AI:", StringComparison.OrdinalIgnoreCase) => ("assistant", line[3..]),
                _ when line.StartsWith("Bot:", StringComparison.OrdinalIgnoreCase) => ("assistant", line[4..]),
                _ when line.StartsWith("Assistant:", StringComparison.OrdinalIgnoreCase) => ("assistant", line[10..]),
                _ when line.StartsWith("User:", StringComparison.OrdinalIgnoreCase) => ("user", line[5..]),
                _ when line.StartsWith("Customer:", StringComparison.OrdinalIgnoreCase) => ("user", line[9..]),
                _ => (null, line),
            };
            if (role is null && utterances is [.., var last])
            {
                utterances[^1] = last with { Text = BoundedText.Cut($"{last.Text} {text}", MaxTextLength)! };
            }
            else if (role is not null && BoundedText.Cut(text.Trim(), MaxTextLength) is { } said && utterances.Count < MaxUtterances)
            {
                utterances.Add(new Utterance(role, said));
            }
        }
    }
}
