using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Synthesis;

namespace ToolBackend.Voice.Tests.Synthesis;

/// <summary>The table of <see cref="VoiceSwitch"/>.</summary>
public sealed class VoiceSwitchTests
{
    [Theory]
    [InlineData(ProviderFault.ServerError)]
    [InlineData(ProviderFault.Unreachable)]
    public void A_voice_that_had_served_and_was_cut_goes_on_itself_once(ProviderFault fault)
    {
        var cut = new VoiceFailure(0, fault, HadServed: true);
        VoiceSwitch.Next([cut], [true, true]).ShouldBe(0);
        VoiceSwitch.Next([cut, cut], [true, true]).ShouldBe(1);
    }

    [Theory]
    [InlineData(ProviderFault.TimedOut)]
    [InlineData(ProviderFault.RateLimited)]
    [InlineData(ProviderFault.Authentication)]
    [InlineData(ProviderFault.Quota)]
    [InlineData(ProviderFault.Rejected)]
    [InlineData(ProviderFault.Protocol)]
    public void Where_asking_again_costs_time_or_changes_nothing_the_next_voice_goes_on(ProviderFault fault) =>
        VoiceSwitch.Next([new VoiceFailure(0, fault, HadServed: true)], [true, true]).ShouldBe(1);

    [Fact]
    public void A_voice_that_never_served_is_not_asked_again() => VoiceSwitch.Next([new VoiceFailure(0, ProviderFault.ServerError, HadServed: false)], [true, true]).ShouldBe(1);

    [Fact]
    public void A_voice_that_may_not_be_asked_is_passed_over_unless_nobody_else_is_left()
    {
        var late = new VoiceFailure(0, ProviderFault.TimedOut, HadServed: true);
        VoiceSwitch.Next([late], [true, false, true]).ShouldBe(2);
        VoiceSwitch.Next([late], [true, false, false]).ShouldBe(1);
    }

    [Fact]
    public void A_voice_that_took_over_and_fails_hands_back_to_the_first() => VoiceSwitch.Next([new VoiceFailure(1, ProviderFault.TimedOut, HadServed: true)], [true, true]).ShouldBe(0);

    [Fact]
    public void When_all_have_failed_nobody_is_left() =>
        VoiceSwitch.Next([new VoiceFailure(0, ProviderFault.TimedOut, HadServed: true), new VoiceFailure(1, ProviderFault.Quota, HadServed: false)], [true, true]).ShouldBeNull();
}
