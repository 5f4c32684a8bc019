using System.Text;
using ToolBackend.Core.Observability;

namespace ToolBackend.Core.Tests.Observability;

/// <summary>All numbers are the payment networks' published test numbers, or cannot belong to anybody.</summary>
public class SensitiveDigitsTests
{
    private const string Card = SensitiveDigits.CardMask;
    private const string Ssn = SensitiveDigits.SsnMask;

    [Theory]
    [InlineData("4222222222222")]
    [InlineData("30569309025904")]
    [InlineData("378282246310005")]
    [InlineData("4111111111111111")]
    [InlineData("5555555555554444")]
    [InlineData("2223003122003222")]
    [InlineData("6011111111111117")]
    [InlineData("3530111333300000")]
    [InlineData("6304000000000000")]
    [InlineData("6799990100000000019")]
    public void A_card_number_of_13_to_19_digits_is_masked(string number)
    {
        SensitiveDigits.Mask(number).ShouldBe(Card);
        SensitiveDigits.Mask($"It is {number}, thanks.").ShouldBe($"It is {Card}, thanks.");
        SensitiveDigits.IsCardNumber(Encoding.ASCII.GetBytes(number)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("4111 1111 1111 1111")]
    [InlineData("4111-1111-1111-1111")]
    [InlineData("4111 - 1111 - 1111 - 1111")]
    [InlineData("4111, 1111, 1111, 1111")]
    [InlineData("4111.1111.1111.1111")]
    [InlineData("3782 822463 10005")]
    [InlineData("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1")]
    [InlineData("4, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1")]
    [InlineData("4111\u00A01111\u20111111\u20131111")]
    [InlineData("41\u200B11 1111 1111 1111")]
    [InlineData("４１１１ １１１１ １１１１ １１１１")]
    [InlineData("4111\r\n1111\n1111 1111")]
    public void It_is_masked_however_it_is_split(string text) => SensitiveDigits.Mask($"Number: {text}.").ShouldBe($"Number: {Card}.");

    [Theory]
    [InlineData("four one one one one one one one one one one one one one one one")]
    [InlineData("Four one one one, one one one one, one one one one, one one one one")]
    [InlineData("four triple one double one double one, one one one one one one one one")]
    [InlineData("forty-one eleven eleven eleven eleven eleven eleven eleven")]
    [InlineData("forty one eleven, uh, eleven eleven and then eleven eleven eleven eleven")]
    [InlineData("4111 one one one one 1111 double 1 double 1")]
    [InlineData("five five five five five five five five five five five five four four four four")]
    [InlineData("four oh oh oh zero zero zero zero o o o o zero zero oh two")]
    public void It_is_masked_as_a_transcript_writes_what_is_said(string text) => SensitiveDigits.Mask($"My card is {text}. Is that fine?").ShouldBe($"My card is {Card}. Is that fine?");

    [Theory]
    [InlineData("4111 1111 1111 1111 12/27 123")]
    [InlineData("4111111111111111, 1227, 123")]
    [InlineData("4111 1111 1111 1111 and 123")]
    public void What_is_said_in_the_same_breath_goes_with_it(string text) => SensitiveDigits.Mask($"Take {text} please").ShouldBe($"Take {Card} please");

    [Theory]
    [InlineData("12 4111 1111 1111 1111", "12 " + Card)]
    [InlineData("+1 206 555 0101 4111 1111 1111 1111", "+1 206 555 0101 " + Card)]
    [InlineData("4111 1111 1111 1111 or 5555 5555 5555 4444", Card + " or " + Card)]
    public void It_is_found_inside_a_longer_row(string text, string masked) => SensitiveDigits.Mask(text).ShouldBe(masked);

    [Theory]
    [InlineData("123-45-6789")]
    [InlineData("123 45 6789")]
    [InlineData("123.45.6789")]
    [InlineData("1 2 3 4 5 6 7 8 9")]
    [InlineData("1 2 3, 4 5, 6 7 8 9")]
    [InlineData("one two three four five six seven eight nine")]
    [InlineData("one two three, forty-five, six seven eight nine")]
    [InlineData("one double two three three four five six seven")]
    public void A_social_security_number_is_masked(string text) => SensitiveDigits.Mask($"That is {text}.").ShouldBe($"That is {Ssn}.");

    [Theory]
    [InlineData("My social is 123456789", "My social is " + Ssn)]
    [InlineData("SSN: 1234 56789", "SSN: " + Ssn)]
    public void After_its_name_it_is_masked_in_any_grouping(string text, string masked) => SensitiveDigits.Mask(text).ShouldBe(masked);

    [Theory]
    [InlineData("000-45-6789")]
    [InlineData("666-45-6789")]
    [InlineData("900-45-6789")]
    [InlineData("123-00-6789")]
    [InlineData("123-45-0000")]
    public void Numbers_that_nobody_can_have_stay(string text) => SensitiveDigits.Mask(text).ShouldBe(text);

    [Theory]
    [InlineData("")]
    [InlineData("Thursday at half past two, for one of the two of us.")]
    [InlineData("4111 1111 1111 1112")]
    [InlineData("7111 1111 1111 1118")]
    [InlineData("+12065550101")]
    [InlineData("+1 206 555 0101")]
    [InlineData("+411111111111111")]
    [InlineData("206-555-0101 and 206 555 0102")]
    [InlineData("2026-08-20T10:00:01.120Z")]
    [InlineData("2026-08-20, 2026-08-21, 2026-08-22")]
    [InlineData("1748000000123 1748000000127")]
    [InlineData("12345678-1234-1234-4111-111111111111")]
    [InlineData("0d9c3f8e-7b1a-4c51-9d0e-411111111111")]
    [InlineData("CA4111111111111111")]
    [InlineData("call_4111111111111111")]
    [InlineData("https://example.com/r/4111111111111111?t=4111111111111111")]
    [InlineData("We have 8, 9, 10, 11, 12 or 1 o'clock")]
    [InlineData("Reference 123456789")]
    [InlineData("TB1042, B-1042 and 98101-1234")]
    public void Everything_else_stays_as_it_is(string text)
    {
        SensitiveDigits.Mask(text).ShouldBeSameAs(text);
        SensitiveDigits.MaskOrNull(text).ShouldBeNull();
    }

    [Theory]
    [InlineData("My card is 4111 1111 1", "My card is [digits]")]
    [InlineData("My card is four one one one one one one one", "My card is [digits]")]
    [InlineData("My card is 4111 1111 1, sorry", "My card is 4111 1111 1, sorry")]
    [InlineData("At 14 30", "At 14 30")]
    [InlineData("Call +1 206 555 0101", "Call +1 206 555 0101")]
    public void Text_that_still_grows_hides_digits_of_which_nobody_knows_yet_what_they_become(string text, string masked) => SensitiveDigits.MaskGrowing(text).ShouldBe(masked);

    [Fact]
    public void A_row_longer_than_anybody_says_is_masked_whole()
    {
        SensitiveDigits.Mask(string.Join(' ', Enumerable.Repeat("7", 1000))).ShouldBe(SensitiveDigits.DigitsMask);
        SensitiveDigits.Mask("a " + new string('7', 1000) + " b").ShouldBe($"a {SensitiveDigits.DigitsMask} b");
        SensitiveDigits.Mask($"a {new string('7', 100)} {new string('7', 100)} b").ShouldBe($"a {SensitiveDigits.DigitsMask} b");
    }

    [Fact]
    public void Masking_twice_is_masking_once_and_no_text_breaks_it()
    {
        const int seed = 20261123;
        string[] parts =
        [
            "4111", "1111", "4", "1", "123", "45", "6789", "one", "forty", "double", "triple", "and", "uh", "oh", "+", " ", " ", " ", "-", ", ", ".", "/", ":", "\n", "x", "_", "é", "４", "\u200B",
            "4111111111111111", "123-45-6789", "http://a/", "0d9c3f8e-7b1a-4c51-9d0e-411111111111", "social", "\\n", "\uD83D", "hello",
        ];
        var random = new Random(seed);
        var masked = 0;
        for (var i = 0; i < 50_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => parts[random.Next(parts.Length)]));
            var once = SensitiveDigits.Mask(text);

            SensitiveDigits.Mask(once).ShouldBe(once, $"seed {seed}, text {text}");
            masked += once == text ? 0 : 1;
        }

        masked.ShouldBeGreaterThan(5000);
    }
}
