using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Transcription.Deepgram;

namespace ToolBackend.Voice.Tests.Transcription.Deepgram;

public sealed class DeepgramQueryTests
{
    [Fact]
    public void Nova_is_asked_for_what_the_definition_says()
    {
        var settings = new TranscriberModel("deepgram")
        {
            Model = "nova-3", Language = "en-US", Endpointing = TimeSpan.FromMilliseconds(300), KeyTerms = ["check-up", "Dr. Voss & Co"], Keywords = ["acme:2"], SmartFormat = true, Numerals = true, ProfanityFilter = false,
        };
        DeepgramQuery.Nova(settings, 1000).ShouldBe(
            "/v1/listen?encoding=mulaw&sample_rate=8000&channels=1&interim_results=true&vad_events=true&punctuate=true&model=nova-3&endpointing=300&utterance_end_ms=1000"
            + "&smart_format=true&no_delay=true&language=en-US&numerals=true&profanity_filter=false&keyterm=check-up&keyterm=Dr.%20Voss%20%26%20Co");
    }

    [Fact]
    public void Older_models_take_keywords_and_what_is_not_set_is_not_sent()
    {
        var query = DeepgramQuery.Nova(new TranscriberModel("deepgram") { Model = "nova-2-phonecall", Endpointing = TimeSpan.FromMilliseconds(10), Keywords = ["acme:2"], KeyTerms = ["x"] }, 1000);
        query.ShouldEndWith("&model=nova-2-phonecall&endpointing=10&utterance_end_ms=1000&keywords=acme%3A2");
    }

    [Fact]
    public void Flux_is_asked_only_for_its_own()
    {
        var settings = new TranscriberModel("deepgram")
        {
            Model = "flux-general-en", Language = "en", EndOfTurnThreshold = 0.7, EndOfTurnTimeout = TimeSpan.FromSeconds(3), KeyTerms = ["filling"], SmartFormat = true, Endpointing = TimeSpan.FromMilliseconds(10),
        };
        DeepgramQuery.Flux(settings, 0.4).ShouldBe("/v2/listen?encoding=mulaw&sample_rate=8000&model=flux-general-en&eot_threshold=0.7&eager_eot_threshold=0.4&eot_timeout_ms=3000&keyterm=filling");
        DeepgramQuery.Flux(settings, null).ShouldNotContain("eager");
    }

    [Fact]
    public void Thresholds_beyond_Deepgrams_limits_are_brought_inside()
    {
        var settings = new TranscriberModel("deepgram") { Model = "flux-general-multi", Language = "de", EndOfTurnThreshold = 0.5, EndOfTurnTimeout = TimeSpan.FromSeconds(100) };
        DeepgramQuery.Flux(settings, 0.8).ShouldEndWith("&eot_threshold=0.5&eager_eot_threshold=0.5&eot_timeout_ms=10000&language_hint=de");
    }
}
