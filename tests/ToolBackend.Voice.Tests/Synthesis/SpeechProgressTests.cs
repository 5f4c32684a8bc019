using ToolBackend.Voice.Synthesis;

namespace ToolBackend.Voice.Tests.Synthesis;

public sealed class SpeechProgressTests
{
    private readonly SpeechProgress _progress = new();

    [Fact]
    public void Without_a_sign_of_the_vendor_all_is_said_again()
    {
        Write("One two. ", "Three four. ");
        Audio();
        _progress.ResumeAt.ShouldBe(0);
        Again().ShouldBe(["One two. ", "Three four. "]);
    }

    [Fact]
    public void What_an_alignment_has_named_to_its_end_is_not_said_again()
    {
        Write("One two. ", "Three four. ", "Five.");
        Aligned("One two.");
        Aligned("Three fo");
        _progress.ResumeAt.ShouldBe("One two. ".Length);
        Again().ShouldBe(["Three four. ", "Five."]);
    }

    [Fact]
    public void A_flush_that_has_ended_is_not_said_again()
    {
        Write("One two. ", "Three four. ");
        Flushed();
        Again().ShouldBe(["Three four. "]);
    }

    [Fact]
    public void Flushes_that_the_vendor_joined_have_ended_together()
    {
        Write("One. ", "Two. ", "Three. ", "Four. ");
        Flushed();
        Flushed(joined: 1);
        Again().ShouldBe(["Four. "]);
    }

    [Fact]
    public void The_next_voice_is_counted_from_where_it_began()
    {
        Write("One. ", "Two. ", "Three. ");
        Aligned("One. Tw");
        Again().ShouldBe(["Two. ", "Three. "]);
        Flushed();
        Again().ShouldBe(["Three. "]);
        Flushed();
        _progress.IsAllSpoken.ShouldBeTrue();
        Again().ShouldBeEmpty();
    }

    [Fact]
    public void What_was_not_flushed_yet_is_given_again_without_a_flush()
    {
        Write("One. ");
        _progress.Written("Two", flush: false);
        Flushed();
        _progress.GoBack().Again.ShouldBe([("Two", false)]);
        _progress.IsAllSpoken.ShouldBeFalse();
    }

    [Fact]
    public void An_end_that_comes_twice_skips_nothing()
    {
        Write("One. ");
        Flushed();
        Flushed();
        Write("Two. ");
        Again().ShouldBe(["Two. "]);
    }

    private void Write(params string[] flushes)
    {
        foreach (var text in flushes)
        {
            _progress.Written(text, flush: true);
        }
    }

    private void Audio() => _progress.Came(new SpeechAudio(new byte[160], null, false));

    private void Aligned(string text) => _progress.Came(new SpeechAudio(new byte[160], new SpeechAlignment(text, new int[text.Length]), false));

    private void Flushed(int joined = 0) => _progress.Came(new SpeechAudio(default, null, true) { JoinedFlushes = joined });

    private List<string> Again() => [.. _progress.GoBack().Again.Select(a => a.Text)];
}
