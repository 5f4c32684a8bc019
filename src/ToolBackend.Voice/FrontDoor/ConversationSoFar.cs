using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.State;
using ToolBackend.Core.Tools;
using ToolBackend.Voice.Conversations;
using ToolBackend.Voice.Language;

namespace ToolBackend.Voice.FrontDoor;

/// <summary>A conversation that another side led, as our model reads it. Pure.</summary>
internal static class ConversationSoFar
{
    /// <summary>The result of a call that nobody knows the outcome of.</summary>
    public const string Unknown = "The line was cut before the answer came. It is not known whether this was done: look it up before you say anything about it, and before you do it again.";

    /// <param name="writes">What the ledger has of the call: it knows the truth about a write whose answer was never heard.</param>
    public static IReadOnlyList<HistoryEntry> Of(CallState call, IReadOnlyList<WrittenCall> writes)
    {
        var results = writes.ToDictionary(w => w.ToolCallId, w => w.Result, StringComparer.Ordinal);
        var known = call.Tools.Select(t => t.Id).ToHashSet(StringComparer.Ordinal);
        var lines = new List<(DateTimeOffset At, IReadOnlyList<HistoryEntry> Entries)>();
        var at = DateTimeOffset.MinValue;
        foreach (var line in call.Transcript.Where(l => l.Role is "user" or "assistant"))
        {
            at = line.At > at ? line.At.Value : at; // lines without a time stay behind the one before them
            lines.Add((at, [new HistoryEntry(line.Role is "user" ? ModelRole.User : ModelRole.Assistant, line.Text) { WasInterrupted = line.Interrupted }]));
        }

        foreach (var tool in call.Tools)
        {
            lines.Add((tool.At ?? at, Called(tool.Id, tool.Name, tool.Result ?? results.GetValueOrDefault(tool.Id) ?? Unknown)));
        }

        foreach (var write in writes.Where(w => !known.Contains(w.ToolCallId)))
        {
            lines.Add((write.At > at ? write.At : at, Called(write.ToolCallId, write.Tool, write.Result)));
        }

        return [.. lines.OrderBy(l => l.At).SelectMany(l => l.Entries)];
    }

    /// <summary>One short sentence that shows that we remember.</summary>
    public static string OpeningOf(IReadOnlyList<HistoryEntry> said) => (said is [.., var latest] ? latest : null) switch
    {
        { ToolCallId: not null, Text: var result } when result != Unknown && Sentence(result, 200) is { } done => $"{CutOff} {done}",
        { Role: ModelRole.User, Text: var words } when Sentence(words, 100) is { } asked => $"{CutOff} You said: {asked} Is that right?",
        { Role: ModelRole.Assistant, Text: var words } when LastSentence(words, 160) is { } last => $"{CutOff} As I was saying: {last}",
        null => $"{CutOff} How can I help you?",
        _ => $"{CutOff} Where were we?",
    };

    private const string CutOff = "Sorry, we were cut off for a moment.";

    private static HistoryEntry[] Called(string id, string name, string result) =>
        [new HistoryEntry(ModelRole.Assistant, "") { ToolCalls = [new ModelToolCall(id, name, "{}")] }, new HistoryEntry(ModelRole.Tool, result) { ToolCallId = id }];

    /// <summary>Null when it is too long to be said again.</summary>
    private static string? Sentence(string text, int most) => text.Trim() is { Length: > 0 } words && words.Length <= most ? words[^1] is '.' or '?' or '!' ? words : words + "." : null;

    private static string? LastSentence(string text, int most)
    {
        var words = text.Trim();
        var end = words.Length > 1 ? words.LastIndexOfAny(['.', '?', '!'], words.Length - 2) : -1;
        return Sentence(end < 0 ? words : words[(end + 1)..], most);
    }
}
