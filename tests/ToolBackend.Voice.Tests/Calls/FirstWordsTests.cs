using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Language;

namespace ToolBackend.Voice.Tests.Calls;

/// <summary>The shortest ways through everything: a greeting, a turn, an answer, an interruption, a goodbye.</summary>
public sealed class FirstWordsTests(VoiceFixture voice) : IClassFixture<VoiceFixture>
{
    private const string Long = "Your parcel left the depot in Tacoma this morning. It should reach you on Thursday between two and four. If nobody is home the driver leaves it with a neighbor.";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_caller_is_greeted_heard_and_answered()
    {
        voice.Language.Script = _ => CompletionAnswer.Say("On Thursday, December third, at two thirty.");
        await using var phone = await voice.CallAsync(Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("Harbor Street Clinic, how can I help you?");
        await phone.SayAsync("When is my next appointment?", Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("On Thursday, December third, at two thirty.");
        phone.Record.Violations.ShouldBeEmpty();
        phone.Record.Underruns.ShouldBe(0);
        phone.Record.LongestLead.ShouldBeLessThan(500);
        LastRequest().ShouldEndWith("user: When is my next appointment?");
    }

    [Fact]
    public async Task An_interruption_is_heard_at_once_and_the_history_holds_what_was_heard()
    {
        voice.Language.Script = request => CompletionAnswer.Say(request.LastUserText.StartsWith("Where", StringComparison.Ordinal) ? Long : "Friday it is.");
        await using var phone = await voice.CallAsync(Cancellation);
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("Where is my parcel?", Cancellation);
        await phone.HearAsync("on Thursday", Cancellation);
        await phone.SayAsync("No, make it Friday.", Cancellation);
        var rest = await phone.ListenAsync(Cancellation);
        rest.ShouldEndWith("Friday it is.");
        phone.Record.Clears.Count.ShouldBe(1);

        var heard = rest[..^" Friday it is.".Length].Split(' ');
        var kept = LastRequest().Split('\n').Single(l => l.StartsWith("assistant: Your", StringComparison.Ordinal))["assistant: ".Length..];
        kept.ShouldEndWith(" —");
        var words = kept[..^2].Split(' ');
        Math.Abs(words.Length - heard.Length).ShouldBeLessThanOrEqualTo(1, $"kept \"{kept}\", heard \"{string.Join(' ', heard)}\"");
        words.Take(heard.Length).ShouldBe(heard.Take(words.Length));
    }

    [Fact]
    public async Task The_assistant_says_goodbye_and_hangs_up()
    {
        voice.Language.Script = _ => CompletionAnswer.Call("endCall", "{}");
        await using var phone = await voice.CallAsync(Cancellation);
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("That was all, thank you.", Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("Thanks for calling. Goodbye.");
        await phone.Over.WaitAsync(TimeSpan.FromSeconds(5), Cancellation);
        phone.Verbs.ShouldBe(["Connect", "Hangup"]);
    }

    [Fact]
    public async Task A_caller_who_hangs_up_leaves_nothing_open()
    {
        voice.Language.Script = _ => CompletionAnswer.Say(Long);
        await using (var phone = await voice.CallAsync(Cancellation))
        {
            await phone.ListenAsync(Cancellation);
            await phone.SayAsync("Where is my parcel?", Cancellation);
            await phone.HearAsync("left the", Cancellation);
            await phone.HangUpAsync();
        }

        await Testing.Eventually.IsTrueAsync(
            () => Task.FromResult(voice.Deepgram.Connections.OpenCount == 0 && voice.ElevenLabs.Connections.OpenCount == 0), TimeSpan.FromSeconds(5), "connections of a call that is over stayed open");
    }

    private string LastRequest()
    {
        var body = JsonNode.Parse(voice.Language.Requests.All.Last(r => r.Target.EndsWith("/chat/completions", StringComparison.Ordinal)).Body)!;
        return string.Join('\n', body["messages"]!.AsArray().Select(m => $"{m!["role"]}: {m["content"]}"));
    }
}
