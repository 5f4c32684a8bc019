using System.Text.Json;
using ToolBackend.Core.Speech;

namespace ToolBackend.Core.Tests.Speech;

public sealed class PhoneNumberTests
{
    [Theory]
    [InlineData("+14155550142", "+14155550142")]
    [InlineData("(415) 555-0142", "+14155550142")]
    [InlineData("415.555.0142", "+14155550142")]
    [InlineData("1 415 555 0142", "+14155550142")]
    [InlineData("tel:+1-415-555-0142", "+14155550142")]
    [InlineData("0044 20 7946 0958", "+442079460958")]
    [InlineData(" +44 20 7946 0958 ", "+442079460958")]
    [InlineData("+12345678", "+12345678")]
    public void Numbers_are_read(string text, string expected) => PhoneNumber.Parse(text).E164.ShouldBe(expected);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("+1234567")]
    [InlineData("+1234567890123456")]
    [InlineData("+04155550142")]
    [InlineData("5550142")]
    [InlineData("442079460958")]
    [InlineData("++14155550142")]
    [InlineData("415-555-0142 x9")]
    [InlineData("anonymous")]
    [InlineData("\u0664\u0661\u0665\u0665\u0665\u0665\u0660\u0661\u0664\u0662")]
    public void What_is_no_number_is_refused(string? text)
    {
        PhoneNumber.TryParse(text, out var number).ShouldBeFalse();
        number.ShouldBe(default);
    }

    [Fact]
    public void Ten_digits_get_the_default_country() => PhoneNumber.Parse("6912345678", "+30").E164.ShouldBe("+306912345678");

    [Fact]
    public void Formatting_shows_a_mask()
    {
        var number = PhoneNumber.Parse("+14155550142");

        $"{number}".ShouldBe("+1********42");
        default(PhoneNumber).ToString().ShouldBe("");
    }

    /// <summary>The expected value is <c>printf +14155550142 | sha256sum</c>, cut to 12 bytes: the same as the database's expression.</summary>
    [Fact]
    public void The_hash_is_that_of_the_database() => PhoneNumber.Parse("+14155550142").Hash().ShouldBe("abbf04d6f629b136344993df");

    [Fact]
    public void Json_carries_the_number_both_ways()
    {
        var number = PhoneNumber.Parse("+14155550142");

        JsonSerializer.Serialize(number).ShouldContain("14155550142");
        JsonSerializer.Deserialize<PhoneNumber>(JsonSerializer.Serialize(number)).ShouldBe(number);
        Should.Throw<JsonException>(static () => JsonSerializer.Deserialize<PhoneNumber>("\"555\""));
    }

    [Fact]
    public void Any_text_is_refused_or_gives_a_number_that_reads_back_as_itself() =>
        AnyText.Holds(static text => !PhoneNumber.TryParse(text, out var number) || PhoneNumber.Parse(number.E164) == number);
}
