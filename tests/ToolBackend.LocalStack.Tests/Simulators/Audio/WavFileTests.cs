using System.Buffers.Binary;
using System.Text;
using ToolBackend.LocalStack.Simulators.Audio;

namespace ToolBackend.LocalStack.Tests.Simulators.Audio;

public sealed class WavFileTests
{
    [Theory]
    [InlineData(160)]
    [InlineData(161)]
    public void Telephone_audio_becomes_a_mu_law_file_of_the_same_length(int length)
    {
        var audio = new byte[length];
        audio.AsSpan().Fill(0x7E);
        var file = WavFile.Of(audio);

        Encoding.ASCII.GetString(file, 0, 4).ShouldBe("RIFF");
        Int(4).ShouldBe(file.Length - 8);
        (file.Length % 2).ShouldBe(0);
        BinaryPrimitives.ReadInt16LittleEndian(file.AsSpan(20)).ShouldBe((short)7);
        Int(24).ShouldBe(8000);
        Int(46).ShouldBe(length);
        Int(54).ShouldBe(length);
        file.AsSpan(58, length).SequenceEqual(audio).ShouldBeTrue();

        int Int(int at) => BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at));
    }
}
