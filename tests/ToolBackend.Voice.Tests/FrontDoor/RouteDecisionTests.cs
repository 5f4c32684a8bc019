using ToolBackend.Core.Calls.Routing;
using ToolBackend.Voice.FrontDoor;

namespace ToolBackend.Voice.Tests.FrontDoor;

public sealed class RouteDecisionTests
{
    [Theory]
    [InlineData("auto", true, true, 0.99, true)]
    [InlineData("auto", false, true, 0.0, false)]
    [InlineData("auto", true, false, 0.0, false)]
    [InlineData("vapi", false, true, 0.99, true)]
    [InlineData("vapi", true, false, 0.0, false)]
    [InlineData("own", true, true, 0.0, false)]
    [InlineData("25%", true, true, 0.249, true)]
    [InlineData("25%", true, true, 0.25, false)]
    [InlineData("25", false, true, 0.0, false)]
    [InlineData("0", true, true, 0.0, false)]
    public void A_call_is_offered_to_Vapi_as_the_table_says(string mode, bool isAdmitted, bool canTake, double chance, bool isOffered)
    {
        var (parsed, percent) = CallRoute.ParseMode(mode)!.Value;
        RouteDecision.OffersToVapi(new CallRoute("*", parsed, percent, default, "test"), isAdmitted, canTake, chance).ShouldBe(isOffered);
    }

    [Theory]
    [InlineData("101")]
    [InlineData("-1")]
    [InlineData("on")]
    [InlineData("")]
    [InlineData(null)]
    public void Other_words_are_no_mode(string? mode) => CallRoute.ParseMode(mode).ShouldBeNull();
}
