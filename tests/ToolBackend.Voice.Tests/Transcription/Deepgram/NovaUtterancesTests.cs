using System.Text;
using ToolBackend.Voice.Transcription;
using ToolBackend.Voice.Transcription.Deepgram;
using static ToolBackend.Voice.Transcription.TranscriptKind;

namespace ToolBackend.Voice.Tests.Transcription.Deepgram;

public sealed class NovaUtterancesTests
{
    private readonly NovaMessageReader _reader = new();
    private readonly NovaUtterances _utterances = new(0.4);
    private readonly TranscriptSink _sink = new();

    [Fact]
    public void Finals_are_joined_and_an_interim_replaces_the_one_before()
    {
        Events("""{"type":"SpeechStarted","channel":[0,1],"timestamp":0.9}""").ShouldBe([(SpeechStarted, "")]);
        Result(0, 1.1, "my card").ShouldBe([(Heard, "my card")]);
        Result(0, 2.1, "my card number is").ShouldBe([(Heard, "my card number is")]);
        Result(0, 3.2, "My card number is four two", isFinal: true).ShouldBe([(Heard, "My card number is four two")]);
        Result(3.2, 1.0, "four two").ShouldBe([(Heard, "My card number is four two four two")]);
        Result(3.2, 1.9, "four two.", isFinal: true, speechFinal: true).ShouldBe([(Paused, "My card number is four two four two.")]);
        UtteranceEnd(4.9).ShouldBeEmpty("the utterance was given already");
    }

    [Fact]
    public void UtteranceEnd_gives_what_speech_final_did_not()
    {
        Result(0, 2, "hello there", isFinal: true);
        UtteranceEnd(1.9).ShouldBe([(Paused, "hello there")]);
        UtteranceEnd(1.9).ShouldBeEmpty();
        Result(2, 1, "", isFinal: true, speechFinal: true).ShouldBeEmpty();
    }

    [Fact]
    public void UtteranceEnd_takes_an_interim_that_never_became_final()
    {
        Result(0, 2, "hello");
        UtteranceEnd(1.9).ShouldBe([(Paused, "hello")]);
    }

    [Fact]
    public void UtteranceEnd_without_a_word_is_ignored()
    {
        Result(0, 2, "hello");
        UtteranceEnd(-1).ShouldBeEmpty();
    }

    [Fact]
    public void Empty_results_say_nothing()
    {
        Result(0, 1, "").ShouldBeEmpty();
        Result(0, 1, "", isFinal: true).ShouldBeEmpty();
        Result(1, 1, "", isFinal: true, speechFinal: true).ShouldBeEmpty();
    }

    [Fact]
    public void The_last_final_may_be_empty_and_still_ends_the_utterance()
    {
        Result(0, 2, "yes please", isFinal: true);
        Result(2, 1, "", isFinal: true, speechFinal: true).ShouldBe([(Paused, "yes please")]);
    }

    [Fact]
    public void A_final_below_the_threshold_is_dropped_and_the_pause_says_so()
    {
        Result(0, 1, "mumble").ShouldBe([(SpeechStarted, ""), (Heard, "mumble")]);
        Result(0, 2, "mumble", isFinal: true, speechFinal: true, confidence: 0.3).ShouldBe([(Paused, "")]);
    }

    [Fact]
    public void A_window_that_comes_again_is_not_joined_twice()
    {
        Result(0, 2, "yes", isFinal: true);
        Result(0, 2, "yes", isFinal: true).ShouldBeEmpty();
        Result(0, 2, "yes", isFinal: true, speechFinal: true).ShouldBe([(Paused, "yes")]);
    }

    private (TranscriptKind, string)[] UtteranceEnd(double lastWordEnd) => Events($$"""{"type":"UtteranceEnd","channel":[0,1],"last_word_end":{{lastWordEnd}}}""");

    private (TranscriptKind, string)[] Result(double start, double duration, string text, bool isFinal = false, bool speechFinal = false, double confidence = 0.95) => Events(
        $$$"""
        {"channel_index":[0,1],"duration":{{{duration}}},"start":{{{start}}},"is_final":{{{(isFinal ? "true" : "false")}}},"speech_final":{{{(speechFinal ? "true" : "false")}}},
         "channel":{"alternatives":[{"transcript":"{{{text}}}","confidence":{{{confidence}}},"words":[{"word":"x","start":0.1,"end":0.2,"confidence":0.1}]},{"transcript":"second choice","confidence":1}]},
         "metadata":{"request_id":"r","model_info":{"name":"n"}},"type":"Results","from_finalize":false}
        """);

    private (TranscriptKind, string)[] Events(string json)
    {
        _reader.TryRead(Encoding.UTF8.GetBytes(json), out var message).ShouldBeTrue();
        _sink.Begin(7);
        _utterances.Take(message, _sink);
        return [.. _sink.Events.Select(static e => (e.Kind, e.Text))];
    }
}
