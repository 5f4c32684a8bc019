using System.Text;
using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Transcription;
using ToolBackend.Voice.Transcription.AssemblyAi;
using static ToolBackend.Voice.Transcription.TranscriptKind;

namespace ToolBackend.Voice.Tests.Transcription.AssemblyAi;

public sealed class AssemblyAiTurnsTests
{
    private readonly AssemblyAiMessageReader _reader = new();
    private readonly AssemblyAiTurns _turns = new(0.4, early: true);
    private readonly TranscriptSink _sink = new();

    [Fact]
    public void The_newest_word_is_heard_before_the_transcript_has_it()
    {
        Turn(0, "hi my", ["hi", "my", "na"]).ShouldBe([(SpeechStarted, ""), (Heard, "hi my na")]);
        Turn(0, "hi my name", ["hi", "my", "name"]).ShouldBe([(Heard, "hi my name")]);
        Turn(0, "hi my name", ["hi", "my", "name"]).ShouldBeEmpty();
    }

    [Fact]
    public void A_pause_is_likely_the_end_and_the_end_has_the_same_text()
    {
        Turn(0, "hi my", ["hi", "my", "name"], utterance: "hi my name").ShouldBe([(SpeechStarted, ""), (LikelyOver, "hi my name")]);
        Turn(0, "hi my name", ["hi", "my", "name"], over: true).ShouldBe([(Over, "hi my name")]);
    }

    [Fact]
    public void Going_on_after_a_pause_resumes()
    {
        Turn(0, "hi", ["hi", "my"], utterance: "hi my");
        Turn(0, "hi my", ["hi", "my", "name"]).ShouldBe([(Resumed, "hi my name"), (Heard, "hi my name")]);
    }

    [Fact]
    public void The_formatted_second_end_is_not_a_second_turn()
    {
        Turn(0, "hi my name is sonny", ["sonny"], over: true).ShouldBe([(SpeechStarted, ""), (Over, "hi my name is sonny")]);
        Turn(0, "Hi, my name is Sonny.", ["Sonny."], over: true).ShouldBeEmpty();
        Turn(1, "yes", ["yes"]).ShouldBe([(SpeechStarted, ""), (Heard, "yes")]);
    }

    [Fact]
    public void Words_below_the_threshold_make_no_turn()
    {
        Turn(0, "", ["hm"], confidence: 0.2);
        Turn(0, "hm", ["hm"], over: true, confidence: 0.2).ShouldBe([(Over, "")]);
    }

    [Fact]
    public void Milliseconds_of_the_last_word_say_how_far_it_listened()
    {
        Turn(0, "hi", ["hi"]);
        _sink.Events[0].HeardTo.ShouldBe(TimeSpan.FromMilliseconds(720));
    }

    [Theory]
    [InlineData(1008, "Unauthorized Connection: Missing Authorization header", ProviderFault.Authentication)]
    [InlineData(1008, "Unauthorized Connection: Too many concurrent sessions", ProviderFault.RateLimited)]
    [InlineData(3009, "Unauthorized Connection: Too many concurrent sessions", ProviderFault.RateLimited)]
    [InlineData(1008, "Unauthorized Connection: insufficient funds", ProviderFault.Quota)]
    [InlineData(3005, "Session Cancelled: An error occurred", ProviderFault.ServerError)]
    [InlineData(3007, "Input duration violation: 20 ms. Expected between 50 and 1000 ms", ProviderFault.Protocol)]
    [InlineData(3008, "Session Expired: Maximum session duration exceeded", ProviderFault.ServerError)]
    [InlineData(0, "", ProviderFault.ServerError)]
    public void Closes_are_faults(int status, string reason, ProviderFault fault) => AssemblyAiFault.Of(status, reason).Fault.ShouldBe(fault);

    [Fact]
    public void It_is_asked_with_encoding_model_and_key_terms_as_one_JSON_array()
    {
        var query = AssemblyAiQuery.Of(new TranscriberModel("assembly-ai") { KeyTerms = ["check-up", new string('x', 51), "Dr. \"V\""] });
        Uri.UnescapeDataString(query).ShouldBe("""/v3/ws?sample_rate=8000&encoding=pcm_mulaw&format_turns=false&speech_model=universal-streaming-english&keyterms_prompt=["check-up","Dr. \u0022V\u0022"]""");
        AssemblyAiQuery.Of(new TranscriberModel("assembly-ai") { Language = "de" }).ShouldEndWith("speech_model=universal-streaming-multilingual");
    }

    private (TranscriptKind, string)[] Turn(int order, string transcript, string[] words, bool over = false, string utterance = "", double confidence = 0.9)
    {
        var list = string.Join(',', words.Select(w => $$"""{"start":640,"end":720,"text":"{{w}}","confidence":{{confidence}},"word_is_final":true}"""));
        var json = $$"""{"turn_order":{{order}},"turn_is_formatted":true,"end_of_turn":{{(over ? "true" : "false")}},"transcript":"{{transcript}}","end_of_turn_confidence":0.4,"words":[{{list}}],"utterance":"{{utterance}}","type":"Turn"}""";
        _reader.TryRead(Encoding.UTF8.GetBytes(json), out var message).ShouldBeTrue();
        _sink.Begin(7);
        _turns.Take(message, _sink);
        return [.. _sink.Events.Select(static e => (e.Kind, e.Text))];
    }
}
