using System.Text.Json.Nodes;
using ToolBackend.Voice.Speaking.Formatting;

namespace ToolBackend.Voice.Tests.Speaking.Formatting;

public sealed class EarFormatTests
{
    [Theory]
    [InlineData("It is 12345.", "It is 1 2 3 4 5.")]
    [InlineData("About 1200 people", "About twelve hundred people")]
    [InlineData("In 1999 and 2005 and 2025", "In nineteen ninety nine and two thousand five and twenty twenty five")]
    [InlineData("12,345 items, -9 and 2.5", "twelve thousand three hundred forty five items, minus nine and two point five")]
    [InlineData("the 3rd of 21st", "the third of twenty first")]
    [InlineData("code 007 in B2B", "code 0 0 7 in B2B")]
    [InlineData("It costs $42.50, $1 or $0.99.", "It costs forty two dollars and fifty cents, one dollar or ninety nine cents.")]
    [InlineData("$5 million", "five million dollars")]
    [InlineData("Write to john.doe@example.com.", "Write to john dot doe at example dot com.")]
    [InlineData("on 2026-05-10 or 05/11/2026", "on Sunday, May tenth, twenty twenty six or Monday, May eleventh, twenty twenty six")]
    [InlineData("March 3 at 2:30 p.m. works", "March third at two thirty PM works")]
    [InlineData("It comes at 4:45 PM. Will you be there?", "It comes at four forty five PM. Will you be there?")]
    [InlineData("It comes at 4:45 PM.", "It comes at four forty five PM.")]
    [InlineData("It comes at 4:45 p.m. Will you be there?", "It comes at four forty five PM. Will you be there?")]
    [InlineData("Tuesday, March 3, 2026", "Tuesday, March third, twenty twenty six")]
    [InlineData("at 14:00 or 9:05 AM or 2:00", "at two PM or nine oh five AM or two o'clock")]
    [InlineData("at 5pm", "at five PM")]
    [InlineData("5km, 43 lb, 1 kg, 50%", "five kilometers, forty three pounds, one kilogram, fifty percent")]
    [InlineData("Call (555) 123-4567.", "Call five five five, one two three, four five six seven.")]
    [InlineData("Call 5551234567 now", "Call five five five, one two three, four five six seven now")]
    [InlineData("NASA, ATM and PDF", "nasa, A T M and P D F")]
    [InlineData("He said \"yes\" \u2014 twice", "He said yes, twice")]
    [InlineData("Options: one\ntwo", "Options. one. two")]
    [InlineData("Nothing to change here.", "Nothing to change here.")]
    public void Text_is_read_for_the_ear(string written, string spoken) => Spoken(EarFormat.Of(null), written).ShouldBe(spoken);

    [Fact]
    public void The_cutoff_decides_which_numbers_are_digits()
    {
        Spoken(Plan("""{"numberToDigitsCutoff":100}"""), "90 and 400").ShouldBe("ninety and 4 0 0");
        Spoken(Plan("""{"numberToDigitsCutoff":0}"""), "7").ShouldBe("7");
    }

    [Fact]
    public void Only_the_formatters_that_are_named_are_applied() => Spoken(Plan("""{"formattersEnabled":["percentage"]}"""), "50% of $5").ShouldBe("50 percent of $5");

    [Fact]
    public void Switched_off_nothing_is_changed() => Plan("""{"enabled":false,"replacements":[{"type":"exact","key":"a","value":"b"}]}""").Apply("a 50%").ShouldBe("a 50%");

    [Fact]
    public void Replacements_take_the_first_place_or_all_and_patterns_all()
    {
        Plan("""{"replacements":[{"type":"exact","key":"hello","value":"hi"}]}""").Apply("hello hello").ShouldBe("hi hello");
        Plan("""{"replacements":[{"type":"exact","key":"hello","value":"hi","replaceAllEnabled":true}]}""").Apply("hello hello").ShouldBe("hi hi");
        Plan("""{"replacements":[{"type":"regex","regex":"(colou?r)","value":"[$1]","options":[{"type":"ignore-case","enabled":true},{"type":"whole-word","enabled":true}]}]}""")
            .Apply("Color colour colours").ShouldBe("[Color] [colour] colours");
    }

    [Fact]
    public void A_pattern_that_would_run_for_ever_or_cannot_be_read_is_left_out()
    {
        var started = TimeProvider.System.GetTimestamp();
        var text = new string('a', 40) + "!";
        Plan("""{"formattersEnabled":[],"replacements":[{"type":"regex","regex":"(a+)+$","value":"x"},{"type":"regex","regex":"(","value":"x"}]}""").Apply(text).ShouldBe(text);
        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData(0, "zero")]
    [InlineData(15, "fifteen")]
    [InlineData(40, "forty")]
    [InlineData(999, "nine hundred ninety nine")]
    [InlineData(1_000_001, "one million one")]
    public void Numbers_are_words(long number, string words) => SpokenNumbers.Cardinal(number).ShouldBe(words);

    [Theory]
    [InlineData(1, "first")]
    [InlineData(12, "twelfth")]
    [InlineData(20, "twentieth")]
    [InlineData(31, "thirty first")]
    public void Ordinals_are_words(long number, string words) => SpokenNumbers.Ordinal(number).ShouldBe(words);

    private static string Spoken(EarFormat format, string text) => format.Apply(text);

    private static EarFormat Plan(string json) => EarFormat.Of((JsonObject)JsonNode.Parse(json)!);
}
