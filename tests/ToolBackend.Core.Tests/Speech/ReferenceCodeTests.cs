using ToolBackend.Core.Speech;

namespace ToolBackend.Core.Tests.Speech;

public sealed class ReferenceCodeTests
{
    [Fact]
    public void Every_index_has_its_own_code() =>
        Enumerable.Range(0, ReferenceCode.Capacity).Select(ReferenceCode.At).ToHashSet(StringComparer.Ordinal).Count.ShouldBe(ReferenceCode.Capacity);

    [Fact]
    public void A_new_code_is_two_letters_and_five_digits_and_survives_being_spoken()
    {
        var random = new Random(7);
        for (var i = 0; i < 5000; i++)
        {
            var code = ReferenceCode.New(random);
            code.ShouldMatch("^[THKXMYQLRW]{2}[12346789]{5}$");
            SpokenCode.Candidates(ReferenceCode.Spoken(code)).ShouldBe([code]);
        }
    }

    [Theory]
    [InlineData("KR74926", "K R, 7 4, 9 2 6")]
    [InlineData("K7492", "K, 7 4, 9 2")]
    [InlineData("tb-1042", "T B, 1 0, 4 2")]
    [InlineData("", "")]
    public void Spoken_codes_are_grouped(string code, string expected) => ReferenceCode.Spoken(code).ShouldBe(expected);

    [Theory]
    [InlineData(-1)]
    [InlineData(ReferenceCode.Capacity)]
    public void An_index_outside_the_capacity_is_a_bug(int index) => Should.Throw<ArgumentOutOfRangeException>(() => ReferenceCode.At(index));
}
