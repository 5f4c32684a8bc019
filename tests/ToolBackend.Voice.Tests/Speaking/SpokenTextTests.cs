using FsCheck;
using FsCheck.Fluent;
using ToolBackend.Voice.Speaking;

namespace ToolBackend.Voice.Tests.Speaking;

public sealed class SpokenTextTests
{
    [Theory]
    [InlineData("Plain text, at 3.5 and $12 - fine?", "Plain text, at 3.5 and $12 - fine?")]
    [InlineData("**Wanted** to *say* __hi__ `now`", "Wanted to say hi now")]
    [InlineData("# Title\nText", "Title\nText")]
    [InlineData("- one\n- two\n* three\n\u2022 four", "one\ntwo\nthree\nfour")]
    [InlineData("1. Monday\n2) Tuesday\n12 people", "Monday\nTuesday\n12 people")]
    [InlineData("See [our site](https://example.com/a_(b)) now", "See our site) now")]
    [InlineData("See [our site](https://example.com) now", "See our site now")]
    [InlineData("*sighs* Well, *laughs softly* okay.", "Well, okay.")]
    [InlineData("Sure! *opens the calendar* We have nine.", "Sure! We have nine.")]
    [InlineData("[laughs] Right [or wrong].", "Right or wrong.")]
    [InlineData("<think>secret\nplan</think>Hello", "Hello")]
    [InlineData("<think>never ends", "")]
    [InlineData("Hi <break time=\"1s\"/> there < 5 or <b>bold</b>", "Hi there 5 or bold")]
    [InlineData("Great \ud83d\udc4d\ud83c\udffd job \u2705 \u2764\ufe0f!", "Great job !")]
    [InlineData("Write to a_b@example.com _now_", "Write to a_b@example.com now")]
    [InlineData("a\u0000b\u200dc\td", "abc d")]
    [InlineData("---\nText\n***\nMore", "Text\nMore")]
    [InlineData("-5 degrees, 72\u00b0F", "-5 degrees, 72\u00b0F")]
    [InlineData("> quoted | table ~~gone~~", "quoted table gone")]
    [InlineData("caf\u00e9 \u4f60\u597d", "caf\u00e9 \u4f60\u597d")]
    public void What_is_for_the_eye_is_not_spoken(string written, string spoken) => Whole([written]).Trim().ShouldBe(spoken);

    [Fact]
    public void Plain_text_passes_at_once()
    {
        var text = new SpokenText();
        text.Add("Sure").ShouldBe("Sure");
        text.Add(", I can.").ShouldBe(", I can.");
        text.Add(" Which day?").ShouldBe(" Which day?");
    }

    [Fact]
    public void How_it_was_cut_into_tokens_does_not_matter_and_no_mark_of_markup_is_left()
    {
        string[] parts = ["*", "**", "_", "`", "#", "\n", "- ", "1. ", "[", "](", ")", "]", "<", ">", "<think>", "</think>", "sighs", "hello", " ", "a", "9", "\ud83d\ude80", "\u2764\ufe0f", "!", ".", "|", "~"];
        var gen = from pieces in Gen.Elements(parts).ListOf(14)
                  from seed in Gen.Choose(0, int.MaxValue)
                  select (Text: string.Concat(pieces), Seed: seed);
        Prop.ForAll(gen.ToArbitrary(), sample =>
        {
            var random = new Random(sample.Seed);
            var tokens = new List<string>();
            for (var start = 0; start < sample.Text.Length;)
            {
                var length = Math.Min(sample.Text.Length - start, random.Next(1, 6));
                tokens.Add(sample.Text.Substring(start, length));
                start += length;
            }

            var spoken = Whole(tokens);
            spoken.ShouldBe(Whole([sample.Text]), $"seed {sample.Seed}: {sample.Text}");
            spoken.ShouldNotContain('`');
            spoken.ShouldNotContain('<');
            spoken.ShouldNotContain("\ud83d\ude80");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Testing.LongForm.Count(2_000, 100_000)));
    }

    private static string Whole(IEnumerable<string> pieces)
    {
        var text = new SpokenText();
        return string.Concat(pieces.Select(p => text.Add(p)).ToArray()) + text.Complete();
    }
}
