using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ToolBackend.Core.Caching;
using ToolBackend.Core.Resilience.Health;
using ToolBackend.Testing;
using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Tests.Providers;

public sealed class HealthGateTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly RedisConnection _redis = new(null);
    private readonly HealthBoard _board;
    private readonly HealthGate _gate;

    public HealthGateTests()
    {
        var redis = new RedisGate(_redis, Options.Create(new RedisOptions()), _clock, NullLogger<RedisGate>.Instance);
        _board = new HealthBoard(new SharedHealth(redis), _clock, new Random(1), NullLogger<HealthBoard>.Instance);
        _gate = new HealthGate(_board, new PermanentFaultGate(TimeSpan.FromMinutes(5), _clock));
    }

    public void Dispose()
    {
        _board.Dispose();
        _redis.Dispose();
    }

    [Theory]
    [InlineData(ProviderFault.Unreachable)]
    [InlineData(ProviderFault.TimedOut)]
    [InlineData(ProviderFault.ServerError)]
    [InlineData(ProviderFault.Protocol)]
    [InlineData(ProviderFault.Quota)]
    public void Three_of_these_close_it(ProviderFault fault)
    {
        _gate.Report("deepgram", fault);
        _gate.Report("deepgram", fault);
        _gate.IsOpen("deepgram").ShouldBeTrue();
        _gate.Report("deepgram", fault);
        _gate.IsOpen("deepgram").ShouldBeFalse();
        _gate.IsOpen("assembly-ai").ShouldBeTrue();
    }

    [Theory]
    [InlineData(ProviderFault.RateLimited)]
    [InlineData(ProviderFault.Rejected)]
    public void A_rate_limit_and_our_own_mistakes_never_do(ProviderFault fault)
    {
        for (var i = 0; i < 100; i++)
        {
            _gate.Report("groq", fault);
        }

        _gate.IsOpen("groq").ShouldBeTrue();
    }

    [Fact]
    public void One_refused_key_closes_it_for_good()
    {
        _gate.Report("11labs", ProviderFault.Authentication);
        _clock.Advance(TimeSpan.FromDays(1));
        _gate.IsOpen("11labs").ShouldBeFalse();
    }

    [Fact]
    public void A_model_that_does_not_exist_leaves_its_provider_open()
    {
        _gate.Report("groq/gone", ProviderFault.Rejected);
        (_gate.IsOpen("groq/gone"), _gate.IsOpen("groq")).ShouldBe((false, true));
    }
}
