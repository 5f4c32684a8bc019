using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.LocalStack.Simulators.Language.Faults;
using ToolBackend.Voice.Sessions;

namespace ToolBackend.Voice.Tests.Calls.Faults;

/// <summary>Groq fails; Together and Fireworks are behind it.</summary>
public sealed class ModelFaultTests(FaultFixture voice) : IClassFixture<FaultFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(503, null)]
    [InlineData(429, 2)]
    public async Task F8_a_call_whose_model_refuses_is_answered_at_every_turn(int status, int? retryAfter)
    {
        await voice.SurviveAsync(_ => voice.Language.Faults.Add(new SimulatorFault(SimulatorFaultKind.Status) { Status = status, RetryAfterSeconds = retryAfter, Path = "/openai/" }), Cancellation);
        voice.Language.Requests.All.ShouldContain(r => r.Status == status);
    }

    [Fact]
    public async Task F8_a_call_whose_model_accepts_and_says_nothing_is_answered_at_every_turn()
    {
        await voice.SurviveAsync(_ => voice.Language.StreamFaults.Add(new StreamFault(StreamFaultKind.SlowFirstToken) { Delay = TimeSpan.FromSeconds(8), Vendor = SimulatedVendor.Groq }), Cancellation);
        voice.Language.Requests.All.ShouldContain(r => r.Target.StartsWith("/v1/chat", StringComparison.Ordinal));
    }

    [Fact]
    public async Task F8_a_reply_whose_stream_stalls_is_gone_on_with_and_nothing_is_said_twice()
    {
        await voice.SurviveAsync(_ => voice.Language.StreamFaults.Add(new StreamFault(StreamFaultKind.Stall) { AfterTokens = 7, Delay = TimeSpan.FromSeconds(8), Vendor = SimulatedVendor.Groq, Times = 1 }), Cancellation);
        voice.Language.Requests.All.ShouldContain(r => r.Body.Contains(ContinuedAnswer.GoOn, StringComparison.Ordinal));
    }

    [Fact]
    public async Task F8_a_reply_whose_stream_is_cut_is_gone_on_with_and_nothing_is_said_twice()
    {
        await voice.SurviveAsync(_ => voice.Language.StreamFaults.Add(new StreamFault(StreamFaultKind.Cut) { AfterTokens = 7, Vendor = SimulatedVendor.Groq, Times = 1 }), Cancellation);
        voice.Language.Requests.All.ShouldContain(r => r.Body.Contains(ContinuedAnswer.GoOn, StringComparison.Ordinal));
    }
}
