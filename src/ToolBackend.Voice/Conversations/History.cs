using ToolBackend.Voice.Language;

namespace ToolBackend.Voice.Conversations;

/// <summary>One thing that was said or done.</summary>
/// <param name="Text">The caller's words, ours as heard, or a tool's result.</param>
public sealed record HistoryEntry(ModelRole Role, string Text)
{
    /// <summary>Ours, cut short by the caller: the text ends where they stopped hearing.</summary>
    public bool WasInterrupted { get; init; }

    public IReadOnlyList<ModelToolCall> ToolCalls { get; init; } = [];

    public string? ToolCallId { get; init; }
}

/// <summary>A conversation as both sides heard it. The session owns it.</summary>
/// <param name="said">What was said before, in an earlier stream of the same call.</param>
public sealed class History(IReadOnlyList<ModelMessage> prompt, params IReadOnlyList<HistoryEntry> said)
{
    private IReadOnlyList<ModelMessage> _prompt = prompt;
    private readonly List<HistoryEntry> _entries = [.. said];

    public IReadOnlyList<HistoryEntry> Entries => _entries;

    /// <summary>The same prompt with other values in it.</summary>
    public void Reword(IReadOnlyList<ModelMessage> prompt) => _prompt = prompt;

    public void User(string text) => _entries.Add(new HistoryEntry(ModelRole.User, text));

    /// <summary>What was heard of a reply; nothing is added when that was nothing.</summary>
    public void Assistant(string heard, bool wasInterrupted)
    {
        if (heard.Length > 0)
        {
            _entries.Add(new HistoryEntry(ModelRole.Assistant, heard) { WasInterrupted = wasInterrupted });
        }
    }

    public void Called(IReadOnlyList<ModelToolCall> calls) => _entries.Add(new HistoryEntry(ModelRole.Assistant, "") { ToolCalls = calls });

    public void Returned(string toolCallId, string result) => _entries.Add(new HistoryEntry(ModelRole.Tool, result) { ToolCallId = toolCallId });

    /// <summary>
    /// As a model reads it. Turns of the caller that nobody answered are one. A call stands with its result, whenever that came; one whose result is not there yet is left out, since models
    /// refuse it.
    /// </summary>
    public List<ModelMessage> Messages()
    {
        var results = _entries.Where(e => e.ToolCallId is not null).DistinctBy(e => e.ToolCallId).ToDictionary(e => e.ToolCallId!, e => e.Text, StringComparer.Ordinal);
        var messages = new List<ModelMessage>(_prompt);
        foreach (var entry in _entries.Where(e => e.ToolCallId is null))
        {
            if (entry.ToolCalls.Count > 0)
            {
                var calls = entry.ToolCalls.Where(c => results.ContainsKey(c.Id)).ToList();
                if (calls.Count > 0)
                {
                    messages.Add(new ModelMessage(ModelRole.Assistant, "") { ToolCalls = calls });
                    messages.AddRange(calls.Select(c => new ModelMessage(ModelRole.Tool, results[c.Id]) { ToolCallId = c.Id }));
                }
            }
            else if (entry.Role is ModelRole.User && messages.Count > 0 && messages[^1].Role is ModelRole.User)
            {
                messages[^1] = new ModelMessage(ModelRole.User, $"{messages[^1].Content} {entry.Text}");
            }
            else
            {
                messages.Add(new ModelMessage(entry.Role, entry.WasInterrupted ? $"{entry.Text} —" : entry.Text));
            }
        }

        return messages;
    }
}
