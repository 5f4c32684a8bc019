using System.Text;
using ToolBackend.Voice.Transcription;
using ToolBackend.Voice.Transcription.Deepgram;
using static ToolBackend.Voice.Transcription.TranscriptKind;

namespace ToolBackend.Voice.Tests.Transcription.Deepgram;

public sealed class FluxTurnsTests
{
    private readonly FluxMessageReader _reader = new();
    private readonly FluxTurns _turns = new(0.4);
    private readonly TranscriptSink _sink = new();

    [Fact]
    public void A_turn_is_started_heard_likely_over_resumed_and_over()
    {
        Events("Update", 0, "").ShouldBeEmpty();
        Events("StartOfTurn", 0, "Hi").ShouldBe([(SpeechStarted, ""), (Heard, "Hi")]);
        Events("Update", 0, "Hi I need to").ShouldBe([(Heard, "Hi I need to")]);
        Events("EagerEndOfTurn", 0, "Hi I need to cancel").ShouldBe([(LikelyOver, "Hi I need to cancel")]);
        Events("TurnResumed", 0, "Hi I need to cancel my").ShouldBe([(Resumed, "Hi I need to cancel my"), (Heard, "Hi I need to cancel my")]);
        Events("EagerEndOfTurn", 0, "Hi I need to cancel my card.").ShouldBe([(LikelyOver, "Hi I need to cancel my card.")]);
        Events("EndOfTurn", 0, "Hi I need to cancel my card.").ShouldBe([(Over, "Hi I need to cancel my card.")]);
        Events("Update", 1, "").ShouldBeEmpty();
    }

    [Fact]
    public void A_text_that_did_not_change_is_given_once()
    {
        Events("StartOfTurn", 0, "Hi");
        Events("Update", 0, "Hi").ShouldBeEmpty();
    }

    [Fact]
    public void The_end_of_a_turn_comes_once_even_when_sent_twice()
    {
        Events("StartOfTurn", 0, "Hi");
        Events("EndOfTurn", 0, "Hi").ShouldBe([(Over, "Hi")]);
        Events("EndOfTurn", 0, "Hi").ShouldBeEmpty();
        Events("Update", 0, "Hi there").ShouldBeEmpty();
    }

    [Fact]
    public void A_turn_whose_end_was_lost_ends_when_the_next_one_begins()
    {
        Events("StartOfTurn", 0, "Hi");
        Events("Update", 1, "").ShouldBe([(Over, "Hi")]);
    }

    [Fact]
    public void An_end_with_another_text_than_the_likely_one_is_resumed_first()
    {
        Events("EagerEndOfTurn", 0, "Hi").ShouldBe([(SpeechStarted, ""), (LikelyOver, "Hi")]);
        Events("EndOfTurn", 0, "Hi there").ShouldBe([(Resumed, "Hi there"), (Over, "Hi there")]);
    }

    [Fact]
    public void Words_below_the_threshold_make_no_turn()
    {
        Events("StartOfTurn", 0, "mumble", 0.2).ShouldBe([(SpeechStarted, ""), (Heard, "mumble")]);
        Events("EagerEndOfTurn", 0, "mumble", 0.2).ShouldBeEmpty();
        Events("EndOfTurn", 0, "mumble", 0.2).ShouldBe([(Over, "")]);
    }

    [Fact]
    public void Where_the_vendor_listened_to_is_passed_on()
    {
        Events("StartOfTurn", 0, "Hi");
        _sink.Events[0].HeardTo.ShouldBe(TimeSpan.FromSeconds(1.5));
    }

    private (TranscriptKind, string)[] Events(string name, int turn, string text, double confidence = 0.9)
    {
        var json = $$"""{"type":"TurnInfo","request_id":"r","sequence_id":1,"event":"{{name}}","turn_index":{{turn}},"audio_window_start":0.0,"audio_window_end":1.5,"transcript":"{{text}}","words":[{"word":"x","confidence":{{confidence}},"start":0.1,"end":0.2}],"end_of_turn_confidence":0.8,"future":[{"a":[1]}]}""";
        _reader.TryRead(Encoding.UTF8.GetBytes(json), out var message).ShouldBeTrue();
        _sink.Begin(7);
        _turns.Take(message, _sink);
        return [.. _sink.Events.Select(static e => (e.Kind, e.Text))];
    }
}
