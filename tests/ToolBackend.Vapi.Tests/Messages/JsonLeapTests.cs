using System.Text;
using System.Text.Json;

namespace ToolBackend.Vapi.Tests.Messages;

public class JsonLeapTests(ITestOutputHelper output)
{
    private const int Seed = 20261122;

    /// <summary>Random containers, dense in quotes, backslashes and brackets, at every offset to the 64-byte blocks; the reader of the platform is the oracle.</summary>
    [Fact]
    public void The_end_of_a_container_is_where_the_platform_reader_finds_it()
    {
        output.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        for (var i = 0; i < 20_000; i++)
        {
            var text = new StringBuilder();
            Append(text, random, depth: 0);
            var container = Encoding.UTF8.GetBytes(text.ToString());
            byte[] json = [.. container, .. ",{\"}]\":[\"\\\\\"]"u8[..random.Next(14)]];
            var reader = new Utf8JsonReader(container);
            reader.Read();
            reader.Skip();

            ToolBackend.Vapi.Messages.JsonLeap.ContainerLength(json, 64).ShouldBe((int)reader.BytesConsumed, text.ToString());
            ToolBackend.Vapi.Messages.JsonLeap.ContainerLength(container.AsSpan(0, container.Length - 1), 64).ShouldBe(-1);
        }
    }

    [Theory]
    [InlineData(64, 64, 128)]
    [InlineData(65, 64, -1)]
    [InlineData(1, 1, 2)]
    [InlineData(1, 0, -1)]
    public void A_container_deeper_than_allowed_is_not_leapt(int depth, int allowed, int length) =>
        ToolBackend.Vapi.Messages.JsonLeap.ContainerLength(Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth)), allowed).ShouldBe(length);

    private static void Append(StringBuilder text, Random random, int depth)
    {
        var isObject = random.Next(2) == 0;
        text.Append(isObject ? '{' : '[');
        var count = random.Next(depth > 6 ? 1 : 5);
        for (var i = 0; i < count; i++)
        {
            text.Append(i == 0 ? "" : ",");
            if (isObject)
            {
                AppendString(text, random);
                text.Append(':');
            }

            switch (random.Next(3))
            {
                case 0: AppendString(text, random); break;
                case 1: text.Append("1.5"); break;
                default: Append(text, random, depth + 1); break;
            }
        }

        text.Append(isObject ? '}' : ']');
    }

    private static void AppendString(StringBuilder text, Random random)
    {
        string[] pieces = ["\\\"", "\\\\", "{", "}", "[", "]", "a", "é", "\\u0022", new string('x', 40), string.Concat(Enumerable.Repeat("\\\\", random.Next(40)))];
        text.Append('"');
        for (var i = random.Next(8); i > 0; i--)
        {
            text.Append(pieces[random.Next(pieces.Length)]);
        }

        text.Append('"');
    }
}
