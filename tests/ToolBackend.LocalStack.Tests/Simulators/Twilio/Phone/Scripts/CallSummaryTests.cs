using ToolBackend.LocalStack.Simulators.Twilio.Phone.Scripts;

namespace ToolBackend.LocalStack.Tests.Simulators.Twilio.Phone.Scripts;

public sealed class CallSummaryTests
{
    private static CallTurn Turn(string? said, int silence, bool wasInterrupted = false) => new(said, "Yes.", TimeSpan.FromMilliseconds(silence), TimeSpan.FromSeconds(1), wasInterrupted);

    [Fact]
    public void The_greeting_is_no_turn_of_the_callers()
    {
        var summary = CallSummary.Of([Turn(null, 20), Turn("a", 300), Turn("b", 500, wasInterrupted: true), Turn("c", 400)], gaps: 2, ["Connect", "Hangup"], callerHungUp: false);
        summary.ShouldBe(new CallSummary(3, TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(500), 1, 2, "the assistant hung up"));
    }

    [Theory]
    [InlineData("Dial +12065550110", false, "transferred to +12065550110")]
    [InlineData("Connect, Dial +12065550110, Whisper A caller., Hangup", false, "transferred to +12065550110")]
    [InlineData("Connect, Dial +12065550110, Connect, Hangup", false, "the assistant hung up")]
    [InlineData("Hangup", false, "the assistant hung up")]
    [InlineData("Connect", true, "the caller hung up")]
    public void The_last_thing_that_happened_is_the_ending(string verb, bool callerHungUp, string ending) =>
        CallSummary.Of([], 0, verb.Split(", "), callerHungUp).Ending.ShouldBe(ending);
}
