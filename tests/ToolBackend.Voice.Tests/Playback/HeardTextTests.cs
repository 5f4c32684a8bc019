using ToolBackend.Voice.Playback;
using ToolBackend.Voice.Synthesis;

namespace ToolBackend.Voice.Tests.Playback;

public sealed class HeardTextTests
{
    private readonly HeardText _text = new();

    [Fact]
    public void With_an_alignment_the_words_heard_are_exact()
    {
        Give("One two three. ");
        Aligned("One two ", 50);
        Aligned("three. ", 50);
        _text.At(0).ShouldBe("");
        _text.At(Bytes(190)).ShouldBe("One");
        _text.At(Bytes(320)).ShouldBe("One two");
        _text.At(Bytes(750)).ShouldBe("One two three.");
    }

    [Fact]
    public void Trimmed_silence_does_not_shift_the_words()
    {
        Give("One two ");
        var alignment = new SpeechAlignment("One two ", [200, 250, 300, 350, 400, 450, 500, 550]);
        _text.Add(new SpeechAudio(new byte[Bytes(600)], alignment, false), trimmed: Bytes(200));
        _text.At(Bytes(140)).ShouldBe("One");
    }

    [Fact]
    public void Without_an_alignment_a_flush_is_shared_out_by_its_characters()
    {
        Give("One two three four. ");
        _text.Add(new SpeechAudio(new byte[Bytes(2000)], null, true), trimmed: 0);
        _text.At(Bytes(1000)).ShouldBe("One two");
        _text.At(Bytes(2000)).ShouldBe("One two three four.");
    }

    [Fact]
    public void Before_the_length_of_a_flush_is_known_speech_of_usual_pace_is_supposed()
    {
        Give("One two three four. ");
        _text.Add(new SpeechAudio(new byte[Bytes(500)], null, false), trimmed: 0);
        _text.At(Bytes(65 * 7)).ShouldBe("One two");
    }

    [Fact]
    public void A_sentence_that_another_voice_begins_again_stands_once()
    {
        Give("One two. Three four. ");
        Aligned("One two. Thr", 50);
        _text.GoBack("One two. ".Length);
        Aligned("Three four. ", 50);
        _text.At(Bytes(50 * 18)).ShouldBe("One two. Three");
        _text.At(Bytes(5000), isComplete: true).ShouldBe("One two. Three four.");
    }

    [Fact]
    public void What_a_voice_without_alignments_says_after_one_with_them_counts_too()
    {
        Give("One two. Three. ");
        Give("Four five six seven. ");
        Aligned("One two. Three. Fo", 50);
        _text.GoBack("One two. Three. ".Length);
        _text.Add(new SpeechAudio(new byte[Bytes(2000)], null, true), trimmed: 0);
        _text.At(Bytes(900)).ShouldBe("One two. Three.");
        _text.At(Bytes(900 + 1000)).ShouldBe("One two. Three. Four five");
        _text.At(Bytes(900 + 2000)).ShouldBe("One two. Three. Four five six seven.");
    }

    [Fact]
    public void Flushes_that_were_given_before_the_first_had_ended_are_told_apart()
    {
        Give("One two. ");
        Give("Three four. ");
        _text.Add(new SpeechAudio(new byte[Bytes(500)], null, true), trimmed: 0);
        _text.At(Bytes(500)).ShouldBe("One two.");
    }

    [Fact]
    public void Spaces_that_a_vendor_adds_or_drops_change_nothing()
    {
        Give("One  two. ");
        Aligned(" One two.", 50);
        _text.At(Bytes(50 * 9)).ShouldBe("One  two.");
    }

    private void Give(string text) => _text.Give(text, flush: true);

    private void Aligned(string text, int msPerCharacter) => _text.Add(
        new SpeechAudio(new byte[Bytes(text.Length * msPerCharacter)], new SpeechAlignment(text, [.. Enumerable.Range(0, text.Length).Select(i => i * msPerCharacter)]), false), trimmed: 0);

    private static int Bytes(int milliseconds) => milliseconds * 8;
}
