using System.Globalization;
using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Transcription;
using ToolBackend.Voice.Turns;

namespace ToolBackend.Voice.Tests.Turns;

/// <summary>Runs the rows of the table in docs/turns.md.</summary>
public sealed class TurnTableTests
{
    private static readonly TurnSettings s_settings = Conversation.Quick with
    {
        FirstMessage = "How can I help you?",
        SilencePrompts = [new SilencePrompt(["Still there?"], TimeSpan.FromSeconds(5), 1, false)],
        Keypad = new KeypadInput(true, TimeSpan.FromSeconds(2), "#"),
    };

    public static TheoryData<string, string, string, string> Rows()
    {
        var rows = new TheoryData<string, string, string, string>();
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "docs", "turns.md")).SkipWhile(l => !l.StartsWith("| given", StringComparison.Ordinal)).Skip(2).TakeWhile(l => l.StartsWith('|')))
        {
            var cells = line.Trim('|').Split('|');
            rows.Add(cells[0].Trim(), cells[1].Trim(), cells[2].Trim(), cells[3].Trim());
        }

        return rows;
    }

    [Fact]
    public void The_table_has_its_rows() => Rows().Count.ShouldBeGreaterThan(40);

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_of_the_table_holds(string given, string happens, string effects, string then)
    {
        var call = new Conversation(s_settings);
        foreach (var step in given.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            Do(call, step);
        }

        Do(call, happens);
        string.Join(", ", call.Last.Select(Name)).ShouldBe(effects);
        $"{call.State.Call} {call.State.Caller} {call.State.Reply}".ShouldBe(then);
    }

    private static void Do(Conversation call, string step)
    {
        var space = step.IndexOf(' ', StringComparison.Ordinal);
        var (verb, rest) = space < 0 ? (step, "") : (step[..space], step[(space + 1)..]);
        _ = verb switch
        {
            "started" => call.Started(),
            "greeted" => call.Greeted(),
            "audible" => call.Audible(),
            "finished" => call.Finished(),
            "failed" => call.Do(new TurnEvent.ReplyFailed(call.State.Generation)),
            "working" => call.Do(new TurnEvent.ReplyWorking(call.State.Generation)),
            "voice" => call.Says(TranscriptKind.SpeechStarted),
            "heard" => call.Says(TranscriptKind.Heard, rest),
            "likely" => call.Says(TranscriptKind.LikelyOver, rest),
            "resumed" => call.Says(TranscriptKind.Resumed, rest),
            "paused" => call.Says(TranscriptKind.Paused, rest),
            "over" => call.Says(TranscriptKind.Over, rest),
            "key" => call.Do(new TurnEvent.Key(rest[0])),
            "wants" => call.Do(new TurnEvent.EndWanted("assistant-ended-call", rest.Length == 0 ? null : rest)),
            "gone" => call.Do(new TurnEvent.HungUp("customer-ended-call")),
            _ when rest == "s" => call.Wait(double.Parse(verb, CultureInfo.InvariantCulture)),
            _ => throw new FormatException($"The table knows no step {step}."),
        };
    }

    private static string Name(TurnEffect effect) => effect switch
    {
        TurnEffect.CommitTurn commit => $"commit {commit.Text}",
        TurnEffect.StartReply { SpeculativeTurn: { } turn } start => $"speculate {start.Generation} {turn}",
        TurnEffect.StartReply start => $"start {start.Generation} {start.Kind}",
        TurnEffect.ConfirmReply confirm => $"confirm {confirm.Generation}",
        TurnEffect.DiscardReply discard => $"discard {discard.Generation}",
        TurnEffect.HoldReply hold => $"hold {hold.Generation}",
        TurnEffect.ResumeReply resume => $"resume {resume.Generation}",
        TurnEffect.InterruptReply interrupt => $"interrupt {interrupt.Generation}",
        TurnEffect.EndCall end => $"end {end.Reason}",
        _ => effect.ToString(),
    };
}
