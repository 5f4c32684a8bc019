using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Synthesis;
using ToolBackend.Voice.Synthesis.Kept;

namespace ToolBackend.Voice.Tests.Synthesis.Kept;

public sealed class SpeechKeyTests
{
    private static readonly SilentVoices s_vendor = new();

    [Fact]
    public void Whatever_changes_the_sound_changes_the_key()
    {
        var plain = new VoiceModel("11labs", "v1");
        VoiceModel[] others =
        [
            plain with { Provider = "deepgram" }, plain with { VoiceId = "v2" }, plain with { Model = "m" }, plain with { Language = "de" }, plain with { Stability = 0.5 },
            plain with { SimilarityBoost = 0.5 }, plain with { Style = 0.5 }, plain with { Speed = 0.5 }, plain with { UseSpeakerBoost = true },
        ];
        // A member that is added to the voice belongs into the key; the format changes the text, which is in it.
        typeof(VoiceModel).GetProperties().Count(p => p.SetMethod is not null && p.Name is not nameof(VoiceModel.FormatPlan)).ShouldBe(others.Length);
        others.Select(v => Key(v, "Hello.")).Append(Key(plain, "Hello.")).Append(Key(plain, "Hello!")).Append(SpeechKey.Of(new VoiceLink(new SilentVoices("https://else.example"), plain), "Hello."))
            .Distinct().Count().ShouldBe(others.Length + 3);
    }

    [Fact]
    public void Spaces_around_and_how_the_text_was_made_do_not_change_it()
    {
        var voice = new VoiceModel("11labs", "v1");
        Key(voice, " Hello. ").ShouldBe(Key(voice with { FormatPlan = new JsonObject { ["enabled"] = false } }, "Hello."));
    }

    private static string Key(VoiceModel voice, string text) => SpeechKey.Of(new VoiceLink(s_vendor, voice), text);
}
