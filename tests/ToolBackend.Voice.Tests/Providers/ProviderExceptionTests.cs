using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Tests.Providers;

public sealed class ProviderExceptionTests
{
    [Theory]
    [InlineData(ProviderFault.Authentication, true)]
    [InlineData(ProviderFault.Quota, true)]
    [InlineData(ProviderFault.Rejected, true)]
    [InlineData(ProviderFault.Unreachable, false)]
    [InlineData(ProviderFault.TimedOut, false)]
    [InlineData(ProviderFault.RateLimited, false)]
    [InlineData(ProviderFault.ServerError, false)]
    [InlineData(ProviderFault.Protocol, false)]
    public void What_time_alone_does_not_mend_is_permanent(ProviderFault fault, bool permanent) => new ProviderException("groq", fault).IsPermanent.ShouldBe(permanent);

    [Fact]
    public void The_message_names_provider_fault_and_code() => new ProviderException("deepgram", ProviderFault.RateLimited, "429").Message.ShouldBe("deepgram: RateLimited (429)");
}
