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
            IsBlocked(throttle, call).ShouldBeFalse();
            Miss(throttle, call);
        }

        IsBlocked(throttle, call).ShouldBeTrue();
        IsBlocked(throttle, CoreNode.Call("two", "m", Caller)).ShouldBeTrue("the number, whatever the call");
        IsBlocked(throttle, CoreNode.Call("one", "m", null)).ShouldBeTrue("the call, whatever the number");
        IsBlocked(throttle, CoreNode.Call("two", "m", "+12065550143")).ShouldBeFalse();

        clock.Advance(TimeSpan.FromMinutes(59));
        IsBlocked(throttle, call).ShouldBeTrue();
        clock.Advance(TimeSpan.FromMinutes(1));
        IsBlocked(throttle, call).ShouldBeFalse();
    }

    [Fact]
    public void Misses_of_one_number_add_up_over_its_calls()
    {
        using var throttle = new LookupThrottle(new ManualClock());
        for (var i = 0; i < LookupThrottle.Limit; i++)
        {
            Miss(throttle, CoreNode.Call($"call {i}", "m", Caller));
        }

        IsBlocked(throttle, CoreNode.Call("next", "m", Caller)).ShouldBeTrue();
        IsBlocked(throttle, CoreNode.Call("call 1", "m", "+12065550143")).ShouldBeFalse();
    }

    [Fact]
    public void A_try_counts_while_it_is_under_way_and_is_given_back_when_it_proved_something()
    {
        using var throttle = new LookupThrottle(new ManualClock());
        var call = CoreNode.Call("one", "m", Caller);
        var underWay = Enumerable.Range(0, LookupThrottle.Limit).Select(_ => throttle.Begin(call)).ToList();

        IsBlocked(throttle, call).ShouldBeTrue("all tries are taken, though none has missed yet");
        underWay.ForEach(a => a.Dispose());
        IsBlocked(throttle, call).ShouldBeFalse();
    }

    private static bool IsBlocked(LookupThrottle throttle, CallContext call)
    {
        using var attempt = throttle.Begin(call);
        return !attempt.IsAllowed;
    }

    private static void Miss(LookupThrottle throttle, CallContext call)
    {
        using var attempt = throttle.Begin(call);
        attempt.Missed();
    }
}
