using System.Buffers;
using System.Text;
using ToolBackend.Testing;
using ToolBackend.Testing.Mutation;
using ToolBackend.Voice.Twilio;

namespace ToolBackend.Voice.Tests.Twilio;

public sealed class MediaReaderTests
{
    private const string Start = """
        {"event":"start","sequenceNumber":"1","start":{"accountSid":"AC1","streamSid":"MZ1","callSid":"CA1","tracks":["inbound"],
        "mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1},"customParameters":{"token":"abc","n":"1"}},"streamSid":"MZ1"}
        """;

    private static readonly string[] s_messages =
    [
        """{"event":"connected","protocol":"Call","version":"1.0.0"}""",
        Start,
        """{"event":"media","sequenceNumber":"3","media":{"track":"inbound","chunk":"1","timestamp":"5","payload":"AAECA/9+"},"streamSid":"MZ1"}""",
        """{"event":"dtmf","streamSid":"MZ1","sequenceNumber":"5","dtmf":{"track":"inbound_track","digit":"1"}}""",
        """{"event":"mark","sequenceNumber":"4","streamSid":"MZ1","mark":{"name":"r7-1"}}""",
        """{"event":"stop","sequenceNumber":"5","stop":{"accountSid":"AC1","callSid":"CA1"},"streamSid":"MZ1"}""",
    ];

    [Fact]
    public void Each_message_is_read_for_what_it_is()
    {
        Kind(s_messages[0]).ShouldBe(MediaMessageKind.Connected);
        Kind(s_messages[5]).ShouldBe(MediaMessageKind.Stop);
        Kind("""{"event":"something-new","x":[1,{"y":2}]}""").ShouldBe(MediaMessageKind.Other);

        var media = MediaReader.Read(Encoding.UTF8.GetBytes(s_messages[2]));
        media.Kind.ShouldBe(MediaMessageKind.Media);
        media.Timestamp.ShouldBe(5);
        media.Audio.ToArray().ShouldBe([0, 1, 2, 3, 0xFF, 0x7E]);

        var key = MediaReader.Read(Encoding.UTF8.GetBytes(s_messages[3]));
        (key.Kind, key.Text).ShouldBe((MediaMessageKind.Key, "1"));
        var mark = MediaReader.Read(Encoding.UTF8.GetBytes(s_messages[4]));
        (mark.Kind, mark.Text).ShouldBe((MediaMessageKind.Mark, "r7-1"));
    }

    [Fact]
    public void A_start_tells_of_its_call()
    {
        var start = MediaReader.Read(Encoding.UTF8.GetBytes(Start)).Start.ShouldNotBeNull();
        (start.StreamSid, start.CallSid, start.AccountSid, start.IsMuLaw8k).ShouldBe(("MZ1", "CA1", "AC1", true));
        start.Parameters.ShouldBe(new Dictionary<string, string> { ["token"] = "abc", ["n"] = "1" }, ignoreOrder: true);
    }

    [Theory]
    [InlineData("audio/x-l16", "8000")]
    [InlineData("audio/x-mulaw", "16000")]
    public void Audio_that_we_do_not_speak_is_noticed(string encoding, string rate) =>
        MediaReader.Read(Encoding.UTF8.GetBytes(Start.Replace("audio/x-mulaw", encoding, StringComparison.Ordinal).Replace("8000", rate, StringComparison.Ordinal))).Start.ShouldNotBeNull().IsMuLaw8k.ShouldBeFalse();

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"event\":1}")]
    [InlineData("""{"event":"media"}""")]
    [InlineData("""{"event":"media","media":[]}""")]
    [InlineData("""{"event":"media","media":{"payload":"%%%"}}""")]
    [InlineData("""{"event":"media","media":{"payload":"AAA"}}""")]
    [InlineData("""{"event":"mark","mark":{}}""")]
    [InlineData("""{"event":"start","start":{"streamSid":"MZ1"}}""")]
    [InlineData("""{"event":"stop"} x""")]
    public void What_is_no_message_is_malformed(string text) => Kind(text).ShouldBe(MediaMessageKind.Malformed);

    [Fact]
    public void B2_mutated_messages_never_throw()
    {
        const int seed = 20261126;
        var mutator = new TextMutator(new Random(seed));
        var malformed = 0;
        var count = LongForm.Count(5_000, 1_000_000);
        for (var i = 0; i < count; i++)
        {
            var message = mutator.Mutate(Encoding.UTF8.GetBytes(s_messages[i % s_messages.Length]));
            malformed += MediaReader.Read(message).Kind is MediaMessageKind.Malformed ? 1 : 0;
        }

        malformed.ShouldBeInRange(count / 10, count);
    }

    [Fact]
    public void What_we_write_is_what_Twilio_documents()
    {
        var writer = new MediaWriter("MZ1");
        Written(o => writer.Media(o, [0, 1, 2, 3, 0xFF, 0x7E])).ShouldBe("""{"event":"media","streamSid":"MZ1","media":{"payload":"AAECA/9+"}}""");
        Written(o => writer.Mark(o, "r7-1")).ShouldBe("""{"event":"mark","streamSid":"MZ1","mark":{"name":"r7-1"}}""");
        Written(writer.Clear).ShouldBe("""{"event":"clear","streamSid":"MZ1"}""");
        Should.Throw<FormatException>(() => new MediaWriter("MZ\"1"));
    }

    private static string Written(Action<IBufferWriter<byte>> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static MediaMessageKind Kind(string text) => MediaReader.Read(Encoding.UTF8.GetBytes(text)).Kind;
}
