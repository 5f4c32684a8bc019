using ToolBackend.Voice.Language.Chat;

namespace ToolBackend.Voice.Tests.Language.Chat;

public sealed class ThinkFilterTests
{
    [Theory]
    [InlineData("Hello.", "Hello.")]
    [InlineData("<think>secret</think>\n\nHello.", "Hello.")]
    [InlineData("Yes, <think>secret</think> it is.", "Yes, it is.")]
    [InlineData("<think>never closed", "")]
    [InlineData("a < b and <thin air>", "a < b and <thin air>")]
    [InlineData("<think>a</think><think>b</think>c", "c")]
    [InlineData("ends with <thi", "ends with <thi")]
    public void Thoughts_are_left_out_wherever_the_text_is_cut(string text, string spoken)
    {
        for (var first = 0; first <= text.Length; first++)
        {
            for (var second = first; second <= text.Length; second++)
            {
                var filter = new ThinkFilter();
                var all = filter.Take(text[..first]) + filter.Take(text[first..second]) + filter.Take(text[second..]) + filter.End();
                all.ShouldBe(spoken, $"cut at {first} and {second}");
            }
        }
    }

    [Fact]
    public void Text_without_a_tag_is_passed_on_as_it_is()
    {
        var text = new string("Hello".ToCharArray());
        new ThinkFilter().Take(text).ShouldBeSameAs(text);
    }
}
