using ToolBackend.Voice.Language;
using ToolBackend.Voice.Language.Chain;
using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Sessions;

namespace ToolBackend.Voice.Tests.Sessions;

public sealed class ContinuedAnswerTests
{
    private static readonly ProviderException s_cut = new("groq", ProviderFault.ServerError, "cut");
    private static readonly ModelMessage s_question = new(ModelRole.User, "When?");

    private readonly List<IReadOnlyList<ModelMessage>> _asked = [];

    [Fact]
    public async Task An_answer_that_is_whole_passes_as_it_is()
    {
        (await TextAsync(["On", " Thurs", "day", " at two."])).ShouldBe("On Thursday at two.");
        _asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_full_stop_is_not_held_back()
    {
        var said = new List<string>();
        await foreach (var output in Stream(["Yes", ".", " It is."]))
        {
            said.Add(output is ModelOutput.Text(var text) ? text : "end");
        }

        said.ShouldBe(["Yes.", " It is.", "end"]);
    }

    [Fact]
    public async Task The_rest_is_asked_for_with_what_was_said_and_half_a_word_was_not()
    {
        (await TextAsync(["On Thursday", " after", "no", null], ["afternoon", " at two."])).ShouldBe("On Thursday afternoon at two.");
        _asked[1].ShouldBe([s_question, new ModelMessage(ModelRole.Assistant, "On Thursday"), new ModelMessage(ModelRole.System, ContinuedAnswer.GoOn)]);
    }

    [Fact]
    public async Task Sentences_are_not_run_together_at_the_seam() => (await TextAsync(["On Thursday.", null], ["At two."])).ShouldBe("On Thursday. At two.");

    [Fact]
    public async Task An_answer_that_broke_before_a_whole_word_is_asked_for_anew()
    {
        (await TextAsync(["On", null], ["On Thursday."])).ShouldBe("On Thursday.");
        _asked[1].ShouldBe([s_question]);
    }

    [Fact]
    public async Task When_nobody_goes_on_a_whole_sentence_is_enough() => (await TextAsync(["On Thursday. ", null], [])).ShouldBe("On Thursday.");

    [Fact]
    public async Task When_nobody_goes_on_half_a_sentence_is_a_failure() =>
        (await Should.ThrowAsync<ReplyCutException>(() => TextAsync(["On Thursday at ", null], []))).Cause.Fault.ShouldBe(ProviderFault.ServerError);

    [Fact]
    public async Task An_answer_that_is_cut_again_and_again_ends()
    {
        await Should.ThrowAsync<ReplyCutException>(() => TextAsync(["One ", null], ["two ", null], ["three ", null], ["four."]));
        _asked.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Tool_calls_that_came_are_not_asked_for_again()
    {
        IReadOnlyList<ModelToolCall> calls = [new ModelToolCall("c1", "getShipment", "{}")];
        var came = new List<ModelOutput>();
        await foreach (var output in ContinuedAnswer.StreamAsync(_ => Cut(calls), [s_question], TestContext.Current.CancellationToken))
        {
            came.Add(output);
        }

        came.ShouldBe([new ModelOutput.ToolCalls(calls)]);
    }

    [Fact]
    public async Task Nobody_who_begins_to_answer_is_the_chains_own_failure() => await Should.ThrowAsync<ProviderException>(() => TextAsync([[]]));

    private async Task<string> TextAsync(params string?[][] answers)
    {
        var text = "";
        await foreach (var output in Stream(answers))
        {
            text += (output as ModelOutput.Text)?.Value;
        }

        return text.TrimEnd();
    }

    /// <summary>Tokens of each answer; null: cut there. An empty one: nobody answers.</summary>
    private IAsyncEnumerable<ModelOutput> Stream(params string?[][] answers) => ContinuedAnswer.StreamAsync(
        messages =>
        {
            _asked.Add(messages);
            return Answer(answers[_asked.Count - 1]);
        },
        [s_question],
        TestContext.Current.CancellationToken);

    private static async IAsyncEnumerable<ModelOutput> Answer(string?[] tokens)
    {
        await Task.Yield();
        if (tokens.Length == 0)
        {
            throw s_cut;
        }

        foreach (var token in tokens)
        {
            yield return new ModelOutput.Text(token ?? throw new ReplyCutException("", s_cut));
        }

        yield return new ModelOutput.End("stop", 0, 0);
    }

    private static async IAsyncEnumerable<ModelOutput> Cut(IReadOnlyList<ModelToolCall> calls)
    {
        await Task.Yield();
        yield return new ModelOutput.ToolCalls(calls);
        throw new ReplyCutException("", s_cut);
    }
}
