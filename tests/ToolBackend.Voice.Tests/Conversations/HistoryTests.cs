using ToolBackend.Voice.Conversations;
using ToolBackend.Voice.Language;

namespace ToolBackend.Voice.Tests.Conversations;

public sealed class HistoryTests
{
    private readonly History _history = new([new ModelMessage(ModelRole.System, "Be kind.")]);

    [Fact]
    public void What_was_cut_short_says_so()
    {
        _history.User("Where is it?");
        _history.Assistant("It arrives", wasInterrupted: true);
        _history.Assistant("", wasInterrupted: true);
        Read().ShouldBe(["System Be kind.", "User Where is it?", "Assistant It arrives —"]);
    }

    [Fact]
    public void Turns_that_nobody_answered_are_one()
    {
        _history.User("I need");
        _history.User("an appointment.");
        Read().ShouldBe(["System Be kind.", "User I need an appointment."]);
    }

    [Fact]
    public void A_result_stands_behind_its_call_whenever_it_came()
    {
        _history.User("Book it.");
        _history.Called([new ModelToolCall("a", "book", "{}"), new ModelToolCall("b", "look", "{}")]);
        _history.User("Hello?");
        _history.Returned("b", "seen");
        Read().ShouldBe(["System Be kind.", "User Book it.", "Assistant  [b]", "Tool seen (b)", "User Hello?"]);
        _history.Returned("a", "booked");
        Read().ShouldBe(["System Be kind.", "User Book it.", "Assistant  [a,b]", "Tool booked (a)", "Tool seen (b)", "User Hello?"]);
    }

    private List<string> Read() => _history.Messages().ConvertAll(m =>
        $"{m.Role} {m.Content}{(m.ToolCalls.Count > 0 ? $" [{string.Join(',', m.ToolCalls.Select(c => c.Id))}]" : "")}{(m.ToolCallId is { } id ? $" ({id})" : "")}");
}
