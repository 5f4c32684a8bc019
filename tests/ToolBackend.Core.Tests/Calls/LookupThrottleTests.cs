using ToolBackend.Core.Calls;
using ToolBackend.Testing;

namespace ToolBackend.Core.Tests.Calls;

public sealed class LookupThrottleTests
{
    private const string Caller = "+12065550142";

    [Fact]
    public void Ten_misses_block_the_call_and_the_number_for_an_hour()
    {
        var clock = new ManualClock();
        using var throttle = new LookupThrottle(clock);
        var call = CoreNode.Call("one", "m", Caller);
        for (var i = 0; i < LookupThrottle.Limit; i++)
        {
            throttle.IsBlocked(call).ShouldBeFalse();
            throttle.RecordMiss(call);
        }

        throttle.IsBlocked(call).ShouldBeTrue();
        throttle.IsBlocked(CoreNode.Call("two", "m", Caller)).ShouldBeTrue("the number, whatever the call");
        throttle.IsBlocked(CoreNode.Call("one", "m", null)).ShouldBeTrue("the call, whatever the number");
        throttle.IsBlocked(CoreNode.Call("two", "m", "+12065550143")).ShouldBeFalse();

        clock.Advance(TimeSpan.FromMinutes(59));
        throttle.IsBlocked(call).ShouldBeTrue();
        clock.Advance(TimeSpan.FromMinutes(1));
        throttle.IsBlocked(call).ShouldBeFalse();
    }

    [Fact]
    public void Misses_of_one_number_add_up_over_its_calls()
    {
        using var throttle = new LookupThrottle(new ManualClock());
        for (var i = 0; i < LookupThrottle.Limit; i++)
        {
            throttle.RecordMiss(CoreNode.Call($"call {i}", "m", Caller));
        }

        throttle.IsBlocked(CoreNode.Call("next", "m", Caller)).ShouldBeTrue();
        throttle.IsBlocked(CoreNode.Call("call 1", "m", "+12065550143")).ShouldBeFalse();
    }
}
