using System.Text.Json;
using ToolBackend.Core.Observability;

namespace ToolBackend.Core.Tests.Observability;

public sealed class SensitiveTests
{
    private sealed record Request(Sensitive<string> Secret, Sensitive<int> Pin);

    [Fact]
    public void Formatting_and_json_show_the_mask_only()
    {
        var request = new Request(Sensitive.Of("marker-8841"), Sensitive.Of(7713));

        var shown = $"{request} {request.Secret} {JsonSerializer.Serialize(request)}";

        shown.ShouldNotContain("8841");
        shown.ShouldNotContain("7713");
        shown.ShouldContain(Sensitive.Mask);
    }

    [Fact]
    public void Json_may_bring_a_value_in() =>
        JsonSerializer.Deserialize<Request>("""{"Secret":"in","Pin":4}""").ShouldBe(new Request(Sensitive.Of("in"), Sensitive.Of(4)));

    [Fact]
    public void Only_reveal_gives_the_value() => Sensitive.Of("in").Reveal().ShouldBe("in");
}
