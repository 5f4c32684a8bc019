using ToolBackend.Voice.Transcription;
using static ToolBackend.Voice.Transcription.TranscriptKind;

namespace ToolBackend.Voice.Tests.Transcription;

public sealed class TurnSpliceTests
{
    [Fact]
    public void A_whole_turn_heard_again_is_silent_until_it_goes_on()
    {
        var splice = new TurnSplice("my card number is", whole: true, TimeSpan.FromSeconds(3));
        Take(splice, SpeechStarted, "").ShouldBeNull();
        Take(splice, Heard, "my").ShouldBeNull();
        Take(splice, Heard, "my card number").ShouldBeNull();
        Take(splice, Heard, "My card number is four").ShouldBe((Heard, "My card number is four"));
        Take(splice, LikelyOver, "My card number is four two").ShouldBe((LikelyOver, "My card number is four two"));
        Take(splice, Over, "My card number is four two.").ShouldBe((Over, "My card number is four two."));
        splice.IsDone.ShouldBeTrue();
    }

    [Fact]
    public void What_was_before_the_replay_stays_in_front()
    {
        var splice = new TurnSplice("good morning I am calling because my card number is", whole: false, TimeSpan.FromSeconds(3));
        Take(splice, Heard, "my card").ShouldBeNull();
        Take(splice, Heard, "my card number is four").ShouldBe((Heard, "good morning I am calling because my card number is four"));
        Take(splice, Over, "my cart number is four two").ShouldBe((Over, "good morning I am calling because my cart number is four two"));
    }

    [Fact]
    public void An_end_in_the_middle_of_what_was_heard_is_no_end()
    {
        var splice = new TurnSplice("my number is four two four two", whole: true, TimeSpan.FromSeconds(3));
        Take(splice, Over, "my number is", TimeSpan.FromSeconds(1)).ShouldBeNull();
        Take(splice, Heard, "four two").ShouldBeNull();
        Take(splice, Over, "four two four two nine", TimeSpan.FromSeconds(3.5)).ShouldBe((Over, "my number is four two four two nine"));
    }

    [Fact]
    public void An_end_behind_the_replay_is_one_though_words_are_missing_and_none_is_lost()
    {
        var splice = new TurnSplice("my number is four two", whole: true, TimeSpan.FromSeconds(3));
        Take(splice, Over, "my number", TimeSpan.FromSeconds(3.2)).ShouldBe((Over, "my number is four two"));
    }

    [Fact]
    public void A_last_word_that_only_the_first_heard_is_kept()
    {
        var splice = new TurnSplice("book a cleaning please", whole: true, TimeSpan.FromSeconds(3));
        Take(splice, Over, "book a cleaning").ShouldBe((Over, "book a cleaning please"));
    }

    [Fact]
    public void Other_words_than_before_are_new_words()
    {
        var splice = new TurnSplice("a very long story that went on", whole: false, TimeSpan.FromSeconds(3));
        Take(splice, Heard, "until").ShouldBeNull("too little to be sure");
        Take(splice, Heard, "until finally nobody came").ShouldBe((Heard, "a very long story that went on until finally nobody came"));
    }

    [Fact]
    public void When_nothing_is_heard_again_the_words_are_still_known()
    {
        var splice = new TurnSplice("book a cleaning", whole: true, TimeSpan.FromSeconds(3));
        splice.Before.ShouldBe("book a cleaning");
    }

    private static (TranscriptKind, string)? Take(TurnSplice splice, TranscriptKind kind, string text, TimeSpan? heardTo = null) =>
        splice.Take(new TranscriptEvent(kind, text, 1, 0) { HeardTo = heardTo }) is { } taken ? (taken.Kind, taken.Text) : null;
}
