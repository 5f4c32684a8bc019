using ToolBackend.Core.Speech;

namespace ToolBackend.Core.Tests.Speech;

public sealed class NearMissTests
{
    [Theory]
    [InlineData("TB1042", "TB1042,TB1043")]
    [InlineData("tb-1042", "TB1042,TB1043")]
    [InlineData("DB1042", "TB1042,XK7731")]
    [InlineData("TB1024", "TB1042,XK7731")]
    [InlineData("PD1042", "TB1042,XK7731")]
    [InlineData("TB142", "TB1042,XK7731")]
    [InlineData("TB10042", "TB1042,XK7731")]
    [InlineData("TB9042", "TB1042")]
    public void The_one_that_was_meant_is_found(string said, string own) =>
        NearMiss.Find(said, own.Split(',')).Code.ShouldBe("TB1042");

    [Theory]
    [InlineData("TB1044", "TB1042,TB1043")]
    [InlineData("TB1047", "TB1042,TB1043,TB1044")]
    [InlineData("XY9999", "TB1042")]
    [InlineData("TB10", "TB1042")]
    [InlineData("", "TB1042")]
    [InlineData("TB1042", "")]
    public void What_might_be_two_or_none_is_not_guessed(string said, string own) =>
        NearMiss.Find(said, own.Split(',')).ShouldBe(default);

    [Fact]
    public void Confidence_is_one_only_for_the_very_code()
    {
        NearMiss.Find("TB1042", ["TB-1042"]).ShouldBe(new NearMissMatch("TB-1042", 1));
        NearMiss.Find("DB1042", ["TB1042"]).Confidence.ShouldBe(0.86, 0.001);
        NearMiss.Find("DB1042", ["TB1042"]).IsExact.ShouldBeFalse();
    }

    [Fact]
    public void Any_exact_reading_beats_a_near_one() =>
        NearMiss.Find(SpokenCode.Candidates("TB forty two"), ["TB402", "TB43"]).ShouldBe(new NearMissMatch("TB402", 1));

    [Fact]
    public void Distance_is_symmetric_and_nothing_only_to_itself()
    {
        var random = new Random(5);
        for (var i = 0; i < 2000; i++)
        {
            var (a, b) = (ReferenceCode.New(random), ReferenceCode.New(random));
            NearMiss.Distance(a, b).ShouldBe(NearMiss.Distance(b, a), 1e-9);
            (NearMiss.Distance(a, b) == 0).ShouldBe(a == b);
        }
    }

    [Fact]
    public void Any_text_is_compared_without_an_exception() =>
        AnyText.Holds(static text => NearMiss.Find(text, ["TB1042", text]).Confidence <= 1);
}
