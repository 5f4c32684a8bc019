using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ToolBackend.Core.Caching;
using ToolBackend.Core.Resilience.Health;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.Testing;
using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Tests.Providers;

public sealed class VendorProbesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task F10_a_vendor_that_is_down_is_probed_with_our_key_and_trusted_again_when_it_answers()
    {
        await using var groq = await LanguageSimulator.StartAsync(cancellation: Cancellation);
        var clock = new ManualClock();
        using var redis = new RedisConnection(null);
        using var board = new HealthBoard(new SharedHealth(new RedisGate(redis, Options.Create(new RedisOptions()), clock, NullLogger<RedisGate>.Instance)), clock, new Random(1), NullLogger<HealthBoard>.Instance);
        using var probes = new VendorProbes(board, new OnlyGroq(new VendorOptions { BaseUrl = groq.Url, ApiKey = groq.ApiKey }));
        await probes.StartAsync(Cancellation);
        groq.Faults.Add(new SimulatorFault(SimulatorFaultKind.Status) { Status = 503 });
        for (var i = 0; i < 3; i++)
        {
            board.Report("groq", new HealthEvent.Failed(HealthCause.Server));
        }

        await BeatAsync(board, clock, seconds: 20);
        groq.Requests.All.ShouldNotBeEmpty();
        groq.Requests.All.ShouldAllBe(r => r.Target == "/openai/v1/models" && r.Status == 503);
        board.Standings.Single(s => s.Provider == "groq").State.Phase.ShouldBe(HealthPhase.Down);

        groq.Faults.Clear();
        await BeatAsync(board, clock, seconds: 180);
        groq.Requests.All.ShouldContain(r => r.Status == 200);
        board.Standings.Single(s => s.Provider == "groq").State.Phase.ShouldBe(HealthPhase.Healthy);
        board.Admits("groq").ShouldBeTrue();
    }

    [Fact]
    public async Task A_vendor_without_a_key_is_not_probed()
    {
        var clock = new ManualClock();
        using var redis = new RedisConnection(null);
        using var board = new HealthBoard(new SharedHealth(new RedisGate(redis, Options.Create(new RedisOptions()), clock, NullLogger<RedisGate>.Instance)), clock, new Random(1), NullLogger<HealthBoard>.Instance);
        using var probes = new VendorProbes(board, new OnlyGroq(new VendorOptions()));
        await probes.StartAsync(Cancellation);
        board.Standings.ShouldBeEmpty();
    }

    private static async Task BeatAsync(HealthBoard board, ManualClock clock, int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await board.BeatAsync(Cancellation);
        }
    }

    private sealed class OnlyGroq(VendorOptions groq) : IOptionsMonitor<VendorOptions>
    {
        public VendorOptions CurrentValue => groq;

        public VendorOptions Get(string? name) => name is "groq" ? groq : new VendorOptions();

        public IDisposable? OnChange(Action<VendorOptions, string?> listener) => null;
    }
}
