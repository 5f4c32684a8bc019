using FsCheck;
using FsCheck.Fluent;
using ToolBackend.LocalStack.Simulators.Audio;

namespace ToolBackend.LocalStack.Tests.Simulators.Audio;

public sealed class AudibleTextTests
{
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithReplay(20261126, 41);

    private static List<HeardWord> Hear(ReadOnlySpan<byte> audio, params int[] pieces)
    {
        var reader = new AudibleTextReader();
        var words = new List<HeardWord>();
        for (var i = 0; audio.Length > 0; i++)
        {
            var piece = pieces.Length == 0 ? audio.Length : Math.Min(audio.Length, pieces[i % pieces.Length]);
            words.AddRange(reader.Push(audio[..piece]));
            audio = audio[piece..];
        }

        words.AddRange(reader.Push(AudibleText.Silence(TimeSpan.FromMilliseconds(200))));
        return words;
    }

    private static string Texts(IEnumerable<HeardWord> words) => string.Join(' ', words.Select(word => word.Text));

    private static byte[] Frames(byte[] audio, Func<int, int> copies) =>
        [.. audio.Chunk(MuLaw.FrameBytes).SelectMany((frame, i) => Enumerable.Repeat(frame, copies(i)).SelectMany(copy => copy))];

    [Fact]
    public void Any_text_in_any_pieces_is_heard_as_it_was_said()
    {
        var texts = ArbMap.Default.GeneratorFor<string?>().Select(text => text ?? string.Empty);
        var pieces = Gen.Choose(1, 1000).NonEmptyListOf().Select(list => list.ToArray());
        var offsets = Gen.Choose(0, 400);
        Prop.ForAll(texts.Zip(pieces.Zip(offsets)).ToArbitrary(), said =>
        {
            var (text, (sizes, offset)) = said;
            byte[] audio = [.. AudibleText.Silence(TimeSpan.FromMilliseconds(50))[..offset], .. AudibleText.Encode(text, TimeSpan.FromMilliseconds(5))];
            return Hear(audio, sizes).Select(word => word.Text).SequenceEqual(AudibleText.Words(text), StringComparer.Ordinal);
        }).Check(s_config.WithMaxTest(1000));
    }

    [Fact]
    public void Any_noise_is_no_word()
    {
        var noise = new byte[400_000];
        new Random(7).NextBytes(noise);
        Hear(noise, 333).ShouldBeEmpty();
    }

    [Fact]
    public void Words_have_places_and_follow_each_other_without_a_gap()
    {
        byte[] audio = [.. AudibleText.Silence(TimeSpan.FromSeconds(1)), .. AudibleText.Encode("My card number, please.")];
        var words = Hear(audio, 160);
        words[0].Start.ShouldBe(8000);
        words.Skip(1).Zip(words, (next, word) => next.Start - word.End).ShouldAllBe(gap => gap == 0);
        words[^1].End.ShouldBe(audio.Length);
        words.ShouldAllBe(word => word.IsWhole);
        MuLaw.Duration(words[^1].End - words[0].Start).ShouldBe(TimeSpan.FromMilliseconds(24 * 65), TimeSpan.FromMilliseconds(20));
    }

    [Theory]
    [InlineData(160)]
    [InlineData(7)]
    [InlineData(1)]
    public void How_long_it_has_been_silent_is_counted_from_the_last_word(int piece)
    {
        var reader = new AudibleTextReader();
        byte[] audio = [.. AudibleText.Encode("Hello."), .. AudibleText.Silence(TimeSpan.FromMilliseconds(300))];
        foreach (var bytes in audio.Chunk(piece))
        {
            reader.Push(bytes);
        }

        reader.SilentFor.ShouldBe(TimeSpan.FromMilliseconds(300));
    }

    [Fact]
    public void A_word_is_known_while_it_is_being_said()
    {
        var reader = new AudibleTextReader();
        reader.Push(AudibleText.Encode("Rescheduling").AsSpan(0, 480)).ShouldBeEmpty();
        reader.Current!.Value.Text.ShouldBe("Rescheduling");
        reader.Current.Value.IsWhole.ShouldBeFalse();
    }

    [Fact]
    public void Every_frame_sent_twice_makes_no_new_words() =>
        Texts(Hear(Frames(AudibleText.Encode("Is it a b or a c?"), _ => 2), 100)).ShouldBe("Is it a b or a c?");

    [Fact]
    public void Every_third_frame_lost_costs_no_word()
    {
        var reader = new AudibleTextReader();
        var words = reader.Push(Frames(AudibleText.Encode("An extraordinarily uncharacteristic appointment."), i => i % 3 == 2 ? 0 : 1)).ToList();
        words.AddRange(reader.Push(AudibleText.Silence(TimeSpan.FromMilliseconds(200))));
        Texts(words).ShouldBe("An extraordinarily uncharacteristic appointment.");
        reader.FramesLost.ShouldBeGreaterThan(30);
    }

    [Fact]
    public void A_lost_frame_that_became_silence_does_not_cut_its_word()
    {
        var audio = AudibleText.Encode("Tomorrow");
        audio.AsSpan(800, 160).Fill(MuLaw.Silence);
        Hear(audio, 160).ShouldHaveSingleItem().IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void An_utterance_played_again_is_new_words()
    {
        var audio = AudibleText.Encode("Hi");
        Texts(Hear([.. audio, .. audio, .. audio[..480], .. AudibleText.Silence(TimeSpan.FromMilliseconds(20)), .. audio], 50)).ShouldBe("Hi Hi Hi Hi");
    }

    [Fact]
    public void A_word_cut_off_by_another_or_by_silence_is_not_whole()
    {
        var words = Hear([.. AudibleText.Encode("Good afternoon")[..3200], .. AudibleText.Encode("What time")[..3200]], 160);
        Texts(words).ShouldBe("Good afternoon What time");
        words.Select(word => word.IsWhole).ShouldBe([true, false, true, false]);
    }

    [Fact]
    public void Of_a_long_word_cut_off_at_once_the_beginning_is_heard() =>
        Texts(Hear(AudibleText.Encode("Uncharacteristically").AsSpan(0, 160), 160)).ShouldBe("Uncharacte");

    [Fact]
    public void Recorded_speech_carries_the_words_and_sounds_the_same()
    {
        var random = new Random(3);
        var speech = Enumerable.Range(0, 16_000).Select(_ => (short)random.Next(-8000, 8000)).ToArray();
        var audio = AudibleText.Encode("Nine in the morning", speech);
        audio.Length.ShouldBe(speech.Length);
        Texts(Hear(audio, 320)).ShouldBe("Nine in the morning");
        audio.Zip(speech, (sample, original) => Math.Abs(MuLaw.Decode(sample) - original)).Max().ShouldBeLessThan(600);
    }

    [Fact]
    public void Too_long_a_word_is_refused() => Should.Throw<ArgumentException>(() => AudibleText.Encode(new string('x', 2551)));

    [Fact]
    public void Mu_law_keeps_every_code_and_the_order_of_samples()
    {
        // 0x7F is a second zero and the only code that is not kept.
        Enumerable.Range(0, 256).Select(code => (byte)code).Where(code => code != 0x7F).ShouldAllBe(code => MuLaw.Encode(MuLaw.Decode(code)) == code);
        Enumerable.Range(short.MinValue, 65_535).ShouldAllBe(i => MuLaw.Decode(MuLaw.Encode((short)i)) <= MuLaw.Decode(MuLaw.Encode((short)(i + 1))));
        MuLaw.Decode(MuLaw.Silence).ShouldBe((short)0);
    }
}
