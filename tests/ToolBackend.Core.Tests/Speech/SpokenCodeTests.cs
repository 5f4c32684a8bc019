using FsCheck;
using FsCheck.Fluent;
using ToolBackend.Core.Speech;

namespace ToolBackend.Core.Tests.Speech;

public sealed class SpokenCodeTests
{
    [Theory]
    [InlineData("T B one oh four two", "TB1042")]
    [InlineData("tb-1042", "TB1042")]
    [InlineData("T.B. 10 42", "TB1042")]
    [InlineData("TB ten forty two", "TB1042")]
    [InlineData("TB ten forty-two", "TB1042")]
    [InlineData("tango bravo one zero four two", "TB1042")]
    [InlineData("my tracking number is T B 1 0 4 2, please", "TB1042")]
    [InlineData("it's TB 1042", "TB1042")]
    [InlineData("It\u2019s reference K R, 7 4, 9 2 6.", "KR74926")]
    [InlineData("tee bee one o four to", "TB1042")]
    [InlineData("TB1O42", "TB1042")]
    [InlineData("double four", "44")]
    [InlineData("T B triple zero one", "TB0001")]
    [InlineData("T B double oh seven", "TB007")]
    [InlineData("T B oh oh oh one", "TB0001")]
    [InlineData("B as in bravo T as in tango 5", "BT5")]
    [InlineData("B for boy 5", "B5")]
    [InlineData("x-ray 7 ", "X7")]
    [InlineData("x ray seven", "X7")]
    [InlineData("double u one two", "W12")]
    [InlineData("one hundred", "100")]
    [InlineData("ACME1042", "ACME1042")]
    [InlineData("1Z999AA10123456784", "1Z999AA10123456784")]
    [InlineData("1 2 3 4", "1234")]
    [InlineData("nineteen eighty four", "1984")]
    public void The_best_reading_is_what_was_meant(string text, string expected) => SpokenCode.Best(text).ShouldBe(expected);

    [Theory]
    [InlineData("TB forty two", "TB402")]
    [InlineData("TB1O42", "TB1O42")]
    [InlineData("double u one", "UU1")]
    [InlineData("T B double oh seven", "TBOO7")]
    [InlineData("TB 1 0 4 for", "TB104")]
    public void Other_readings_follow(string text, string other) => SpokenCode.Candidates(text).Skip(1).ShouldContain(other);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("tracking number")]
    [InlineData("\ud83d\ude80\u202e")]
    [InlineData("...")]
    public void A_text_without_a_code_has_no_reading(string? text) => SpokenCode.Candidates(text).ShouldBeEmpty();

    [Fact]
    public void What_is_plainly_written_is_read_as_the_general_reading_reads_it()
    {
        // An apostrophe means nothing, but makes the text one that is not plain.
        var plain = Gen.Elements("ABCXYZabcxyzOo0123456789-".ToCharArray()).ArrayOf().Select(letters => new string(letters)).Where(t => t.Trim().Length > 0);
        Prop.ForAll(plain.ToArbitrary(), text => SpokenCode.Candidates(text).SequenceEqual(SpokenCode.Candidates(text + "'"), StringComparer.Ordinal))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5000).WithReplay(20261122, 41));
    }

    [Fact]
    public void A_longer_code_than_any_is_no_code()
    {
        SpokenCode.Candidates(new string('7', SpokenCode.MaxLength)).Count.ShouldBe(1);
        SpokenCode.Candidates(new string('7', SpokenCode.MaxLength + 1)).ShouldBeEmpty();
        SpokenCode.Candidates(new string('7', 10_000)).ShouldBeEmpty();
    }

    [Fact]
    public void Any_text_gives_a_few_distinct_upper_case_codes() =>
        AnyText.Holds(static text => SpokenCode.Candidates(text) is var all
            && all.Count <= SpokenCode.MaxCandidates
            && all.Distinct().Count() == all.Count
            && all.All(static c => c.Length is > 0 and <= SpokenCode.MaxLength && c.All(static x => char.IsAsciiDigit(x) || char.IsAsciiLetterUpper(x))));

    [Fact]
    public void Spelling_a_code_and_reading_it_back_gives_the_code()
    {
        var codes = Gen.Elements("ABCDEFGHIJKLMNPQRSTUVWXYZ0123456789".ToCharArray()).NonEmptyListOf()
            .Select(static c => new string([.. c.Take(20)])).ToArbitrary();
        Prop.ForAll(codes, static code => SpokenCode.Best(SpokenCode.Spell(code)) == code)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000).WithReplay(20261122, 41));
    }

    [Fact]
    public void Spelling_says_each_character() => SpokenCode.Spell("tb-1042").ShouldBe("T B 1 0 4 2");
}
