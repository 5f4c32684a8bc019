using ToolBackend.Voice.Transcription;

namespace ToolBackend.Voice.Tests.Transcription;

public sealed class WordOverlapTests
{
    [Theory]
    [InlineData("my card number is", "my card", 0, 2)]
    [InlineData("my card number is", "My card number is four", 0, 0)]
    [InlineData("hello my card number is", "card number is four two", 2, 0)]
    [InlineData("hello my card number is", "my cart number is four", 1, 0)]
    [InlineData("I would like to book", "I'd like to book a cleaning", 1, 0)]
    [InlineData("one two three four", "two four five", 1, 0)]
    public void The_second_hearing_is_placed_in_the_first(string first, string second, int start, int left) =>
        WordOverlap.Find(first.Split(' '), second.Split(' ')).ShouldBe(new WordOverlap.Place(start, left));

    [Fact]
    public void Nothing_in_common_has_no_place() => WordOverlap.Find(["my", "card"], ["four", "two"]).ShouldBeNull();

    [Fact]
    public void Nothing_has_no_place() => WordOverlap.Find([], ["four"]).ShouldBeNull();
}
