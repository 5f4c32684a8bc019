using ToolBackend.Testing;
using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Tests.Providers;

public sealed class PermanentFaultGateTests
{
    private readonly ManualClock _clock = new();
    private readonly PermanentFaultGate _gate;

    public PermanentFaultGateTests() => _gate = new PermanentFaultGate(TimeSpan.FromMinutes(5), _clock);

    [Theory]
    [InlineData("groq", ProviderFault.Authentication, false)]
    [InlineData("groq", ProviderFault.Quota, false)]
    [InlineData("groq", ProviderFault.Rejected, true)]
    [InlineData("groq/gone", ProviderFault.Rejected, false)]
    [InlineData("groq", ProviderFault.ServerError, true)]
    [InlineData("groq", ProviderFault.TimedOut, true)]
    [InlineData("groq", ProviderFault.RateLimited, true)]
    public void Only_what_time_does_not_mend_closes(string provider, ProviderFault fault, bool open)
    {
        _gate.Report(provider, fault);
        _gate.IsOpen(provider).ShouldBe(open);
    }

    [Fact]
    public void It_opens_again_after_its_time_or_when_the_provider_serves()
    {
        _gate.Report("groq", ProviderFault.Quota);
        _gate.Report("together-ai", ProviderFault.Quota);
        _gate.Report("groq", null);
        _gate.IsOpen("groq").ShouldBeTrue();
        _gate.IsOpen("together-ai").ShouldBeFalse();
        _clock.Advance(TimeSpan.FromMinutes(5));
        _gate.IsOpen("together-ai").ShouldBeTrue();
    }
}
