using System.ComponentModel.DataAnnotations;
using System.Text;
using ToolBackend.Core.Tools;

namespace ToolBackend.Core.Tests.Tools;

public sealed class ArgumentReaderTests
{
    private const string Unreadable = "The tool was called with arguments that could not be read. Call it again with a JSON object that follows its schema.";

    public sealed record Arguments
    {
        [Required]
        public string? FirstName { get; init; }

        public string? Note { get; init; }

        public bool? Confirmed { get; init; }
    }

    private static Arguments Read(string json)
    {
        ArgumentReader.TryRead<Arguments>(Encoding.UTF8.GetBytes(json), out var arguments, out var refusal).ShouldBeTrue(refusal);
        refusal.ShouldBeNull();
        return arguments!;
    }

    private static string Refusal(ReadOnlySpan<byte> json)
    {
        ArgumentReader.TryRead<Arguments>(json, out _, out var refusal).ShouldBeFalse();
        return refusal!;
    }

    [Theory]
    [InlineData("\"Ana\"", "Ana")]
    [InlineData("\"  Ana \\n Maria\\u0000 \"", "Ana Maria")]
    [InlineData("\"An\\u200Ba\"", "Ana")]
    [InlineData("1042", "1042")]
    [InlineData("10.50", "10.50")]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    public void Text_is_taken_as_models_write_it(string value, string expected) => Read($$"""{"firstName":{{value}}}""").FirstName.ShouldBe(expected);

    [Theory]
    [InlineData("true", true)]
    [InlineData("\"true\"", true)]
    [InlineData("\"yes\"", true)]
    [InlineData("\"True\"", true)]
    [InlineData("false", false)]
    [InlineData("\"no\"", false)]
    [InlineData("\"perhaps\"", false)]
    [InlineData("1", false)]
    [InlineData("null", null)]
    public void Only_an_unmistakable_yes_is_true(string value, bool? expected) => Read($$"""{"firstName":"Ana","confirmed":{{value}}}""").Confirmed.ShouldBe(expected);

    [Fact]
    public void Unknown_members_are_skipped_and_names_match_in_any_case() =>
        Read("""{"FIRSTNAME":"Ana","extra":{"deep":[1,{"x":null}]},"note":null}""").ShouldBe(new Arguments { FirstName = "Ana" });

    [Theory]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("""{"firstName":null}""")]
    [InlineData("""{"firstName":"   "}""")]
    public void What_is_required_and_missing_is_asked_for(string json) =>
        Refusal(Encoding.UTF8.GetBytes(json)).ShouldBe("The argument firstName is missing. Ask the caller for it, then call the tool again.");

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"Ana\"")]
    [InlineData("{\"firstName\":")]
    [InlineData("{\"firstName\":[\"Ana\"]}")]
    [InlineData("{\"firstName\":\"Ana\",\"confirmed\":{}}")]
    [InlineData("{\"firstName\":\"Ana\",\"firstName\":\"Eve\"}")]
    [InlineData("{\"firstName\":\"\\ud83d\"}")]
    [InlineData("{\"firstName\":\"Ana\",\"x\":[[[[[[[[[1]]]]]]]]]}")]
    public void What_cannot_be_read_is_refused_with_a_sentence(string json) => Refusal(Encoding.UTF8.GetBytes(json)).ShouldBe(Unreadable);

    [Fact]
    public void Bytes_that_are_no_text_are_refused_with_a_sentence() => Refusal([.. "{\"firstName\":\""u8, 0xFF, 0xFE, .. "\"}"u8]).ShouldBe(Unreadable);

    [Fact]
    public void Text_beyond_the_limit_is_refused()
    {
        Read($$"""{"firstName":"{{new string('a', ArgumentReader.MaxText)}}"}""").FirstName!.Length.ShouldBe(ArgumentReader.MaxText);
        const string TooLong = "One of the arguments is longer than 300 characters. Call the tool again with just what the caller said.";
        Refusal(Encoding.UTF8.GetBytes($$"""{"firstName":"{{new string('a', ArgumentReader.MaxText + 1)}}"}""")).ShouldBe(TooLong);
        Refusal(Encoding.UTF8.GetBytes($$"""{"firstName":"{{new string('a', 100_000)}}"}""")).ShouldBe(TooLong);
        Refusal(Encoding.UTF8.GetBytes($$"""{"firstName":{{new string('1', 400)}}}""")).ShouldBe(TooLong);
    }

    [Fact]
    public void Equal_arguments_have_one_fingerprint_however_they_are_written()
    {
        static byte[] Of(string tool, string json) => ArgumentReader.Fingerprint<Arguments>(tool, Encoding.UTF8.GetBytes(json));
        var one = Of("t", """{"firstName":"Ana","note":"5"}""");
        Of("t", """{ "note": 5, "extra": 1, "firstName": " Ana " }""").ShouldBe(one);
        Of("u", """{"firstName":"Ana","note":"5"}""").ShouldNotBe(one);
        Of("t", """{"firstName":"Ana","note":"6"}""").ShouldNotBe(one);
        Of("t", "{").ShouldNotBe(Of("t", "["), "what cannot be read is known by its bytes");
        one.Length.ShouldBe(32);
    }
}
