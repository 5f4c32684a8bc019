using FsCheck;
using FsCheck.Fluent;
using ToolBackend.Voice.Speaking;

namespace ToolBackend.Voice.Tests.Speaking;

public sealed class ClauseChunkerTests
{
    private static readonly ClauseChunkerOptions s_options = new();

    [Fact]
    public void The_first_chunk_of_a_sentence_of_nine_words_is_ready_after_four_or_five_words()
    {
        string[] words = ["I", "can", "certainly", "help", "you", "move", "that", "appointment", "today."];
        Ready(words.Select(static w => w + " ")).ShouldBeInRange(3, 5);
        Ready(words.Select(static (w, i) => i == 0 ? w : " " + w)).ShouldBeInRange(3, 5);
        Ready("Sure, let me look up your next visit.".Split(' ').Select(static (w, i) => i == 0 ? w : " " + w)).ShouldBeInRange(3, 5);
    }

    [Theory]
    [InlineData("Certainly, Mrs. Johnson, I will look.", "Certainly, Mrs. Johnson,| I will look.")]
    [InlineData("Yes. I can do that now for you. Which day?", "Yes.| I can do that now for you.| Which day?")]
    [InlineData("Sure! What time?", "Sure!| What time?")]
    [InlineData("Thanks, Dr. Voss is in today. Shall I book it?", "Thanks, Dr. Voss is in today.| Shall I book it?")]
    [InlineData("It is $12.50. Okay?", "It is $12.50.| Okay?")]
    [InlineData("Your total is $1,200.50 today. Fine?", "Your total is $1,200.50 today.| Fine?")]
    [InlineData("We open at 2:30 p.m. and close at 5 p.m. Come by.", "We open at 2:30 p.m. and close |at 5 p.m.| Come by.")]
    [InlineData("Yes. It takes e.g. ten minutes. Good?", "Yes.| It takes e.g. ten minutes.| Good?")]
    [InlineData("Yes. Go to 12 Main St. The door is red.", "Yes.| Go to 12 Main St.| The door is red.")]
    [InlineData("Yes. It is near St. Mary's church. Bye.", "Yes.| It is near St. Mary's church.| Bye.")]
    [InlineData("Yes. Ask J. Smith there. Bye.", "Yes.| Ask J. Smith there.| Bye.")]
    [InlineData("Well... maybe not. Hm... Yes.", "Well... maybe not.| Hm...| Yes.")]
    [InlineData("Yes. Write to john.smith@example.com. Bye.", "Yes.| Write to john.smith@example.com.| Bye.")]
    [InlineData("Yes. Go to example.com/a?b=1 now. Bye.", "Yes.| Go to example.com/a?b=1 now.| Bye.")]
    [InlineData("He said \"stop.\" Then he left.", "He said \"stop.\"| Then he left.")]
    [InlineData("We have March 3, 2026 free.", "We have March 3, 2026 free.")]
    [InlineData("Options:\n1. Monday\n2. Tuesday", "Options:\n|1. Monday\n|2. Tuesday")]
    [InlineData("Call 555 123 4567 tomorrow please.", "Call 555 123 4567 tomorrow |please.")]
    public void Text_is_cut_where_a_voice_may_pause(string text, string chunks) => Chunks(text).ShouldBe(chunks.Split('|'));

    [Fact]
    public void The_end_of_a_sentence_is_given_out_before_the_next_token()
    {
        var chunker = new ClauseChunker(s_options);
        chunker.Add("Sure", TimeSpan.Zero);
        chunker.TryTake(TimeSpan.Zero, out _).ShouldBeFalse();
        chunker.Add(".", TimeSpan.Zero);
        chunker.TryTake(TimeSpan.Zero, out var chunk).ShouldBeTrue();
        chunk.ShouldBe(new SpokenChunk("Sure.", EndsSentence: true));
    }

    [Fact]
    public void A_full_stop_that_may_not_be_an_end_waits_for_the_next_character_or_the_pause()
    {
        var chunker = new ClauseChunker(s_options);
        chunker.Add("It is 3.", TimeSpan.Zero);
        chunker.TryTake(TimeSpan.FromMilliseconds(119), out _).ShouldBeFalse();
        chunker.Due.ShouldBe(TimeSpan.FromMilliseconds(120));
        chunker.TryTake(TimeSpan.FromMilliseconds(120), out var chunk).ShouldBeTrue();
        chunk.ShouldBe(new SpokenChunk("It is 3.", EndsSentence: true));
    }

    [Fact]
    public void A_model_that_pauses_is_spoken_up_to_the_last_whole_word_that_stands_alone()
    {
        var chunker = new ClauseChunker(s_options);
        chunker.Add("Okay. ", TimeSpan.Zero);
        chunker.TryTake(TimeSpan.Zero, out _).ShouldBeTrue();
        chunker.Add("Your new number is 555 12", TimeSpan.Zero);
        chunker.TryTake(TimeSpan.FromSeconds(1), out var chunk).ShouldBeTrue();
        chunk.Text.ShouldBe(" Your new ");
        chunker.TryTake(TimeSpan.FromSeconds(1), out _).ShouldBeFalse();
        chunker.Due.ShouldBeNull();
        chunker.Add("34 now.", TimeSpan.FromSeconds(2));
        chunker.TryTake(TimeSpan.FromSeconds(2), out chunk).ShouldBeTrue();
        chunk.Text.ShouldBe("number is 555 1234 now.");
    }

    [Fact]
    public void A_very_long_sentence_is_cut_at_a_clause()
    {
        var text = "Hi. " + string.Join(' ', Enumerable.Repeat("something goes wrong", 20)) + ", then it works";
        var chunks = Chunks(text);
        chunks.Count.ShouldBeGreaterThan(2);
        chunks.ShouldAllBe(static c => c.Length <= 230);
    }

    [Fact]
    public void All_chunks_joined_are_the_text_however_it_was_cut_into_tokens_and_the_chunks_are_the_same()
    {
        string[] parts =
        [
            "Sure", "of course", "I can help you with that", "Dr. Voss", "Mrs. Lee", "$12.50", "1,200", "2:30 p.m.", "March 3, 2026", "555 123 4567", "your e-mail is john.smith@example.com",
            "visit www.example.com", "e.g. this", "J. Smith", "twenty five dollars", "the", "to", "and then", "12 Main St.", "Monday", ",", ".", "?", "!", ";", ":", "\n", " - ", "\u2014", "caf\u00e9",
        ];
        var gen = from pieces in Gen.Elements(parts).ListOf(12)
                  from seed in Gen.Choose(0, int.MaxValue)
                  select (Text: string.Join(' ', pieces).Replace(" .", ".").Replace(" ,", ",").Replace(" ?", "?").Replace(" !", "!"), Seed: seed);
        Prop.ForAll(gen.ToArbitrary(), sample =>
        {
            var whole = Chunks(sample.Text);
            var cut = Chunks(Tokens(sample.Text, new Random(sample.Seed)));
            string.Concat(cut).TrimEnd().ShouldBe(sample.Text.TrimEnd());
            cut.ShouldBe(whole, $"seed {sample.Seed}: {sample.Text}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Testing.LongForm.Count(2_000, 100_000)));
    }

    [Fact]
    public void Any_text_at_any_pace_comes_out_whole()
    {
        var gen = from text in Gen.Elements("abc AZ 019 .,?!:;-\n@$%()\"' \u00e9\ud83d\ude80\u2026\u3002".ToCharArray()).ListOf(40)
                  from seed in Gen.Choose(0, int.MaxValue)
                  select (Text: new string([.. text]), Seed: seed);
        Prop.ForAll(gen.ToArbitrary(), sample =>
        {
            var random = new Random(sample.Seed);
            var chunker = new ClauseChunker(s_options);
            var (now, all) = (TimeSpan.Zero, new List<string>());
            foreach (var token in Tokens(sample.Text, random))
            {
                chunker.Add(token, now);
                now += TimeSpan.FromMilliseconds(random.Next(0, 200));
                Drain(chunker, now, all);
            }

            chunker.Complete();
            Drain(chunker, now, all);
            string.Concat(all).TrimEnd().ShouldBe(sample.Text.TrimEnd());
            all.ShouldAllBe(static c => !string.IsNullOrWhiteSpace(c));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Testing.LongForm.Count(2_000, 100_000)));
    }

    /// <summary>Tokens as a model makes them: a mark and what is glued to it come together.</summary>
    private static List<string> Tokens(string text, Random random)
    {
        var tokens = new List<string>();
        for (var start = 0; start < text.Length;)
        {
            var end = Math.Min(text.Length, start + 1 + random.Next(8));
            while (end < text.Length && text[end - 1] is '.' or '?' or '!' or '\u2026' && !char.IsWhiteSpace(text[end]))
            {
                end++;
            }

            tokens.Add(text[start..end]);
            start = end;
        }

        return tokens;
    }

    private static int Ready(IEnumerable<string> tokens)
    {
        var chunker = new ClauseChunker(s_options);
        var count = 0;
        foreach (var token in tokens)
        {
            count++;
            chunker.Add(token, TimeSpan.FromMilliseconds(10 * count));
            if (chunker.TryTake(TimeSpan.FromMilliseconds(10 * count), out _))
            {
                return count;
            }
        }

        return int.MaxValue;
    }

    private static List<string> Chunks(string text) => Chunks([text]);

    private static List<string> Chunks(IEnumerable<string> tokens)
    {
        var chunker = new ClauseChunker(s_options);
        var all = new List<string>();
        foreach (var token in tokens)
        {
            chunker.Add(token, TimeSpan.Zero);
            Drain(chunker, TimeSpan.Zero, all);
        }

        chunker.Complete();
        Drain(chunker, TimeSpan.Zero, all);
        return all;
    }

    private static void Drain(ClauseChunker chunker, TimeSpan now, List<string> all)
    {
        while (chunker.TryTake(now, out var chunk))
        {
            all.Add(chunk.Text);
        }
    }
}
