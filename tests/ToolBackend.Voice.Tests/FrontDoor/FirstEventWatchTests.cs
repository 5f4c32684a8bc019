using Microsoft.Extensions.DependencyInjection;
using ToolBackend.Core.Resilience.Health;
using ToolBackend.LocalStack.Simulators.Twilio.Phone;
using ToolBackend.LocalStack.Simulators.Vapi.Bypass;
using ToolBackend.Testing;
using ToolBackend.Voice.FrontDoor;

namespace ToolBackend.Voice.Tests.FrontDoor;

/// <summary>A Vapi that takes calls and their sockets, and then says nothing to anybody.</summary>
public sealed class FirstEventWatchTests(FirstEventFixture voice) : IClassFixture<FirstEventFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private FirstEventWatch Watch => voice.Services.GetRequiredService<FirstEventWatch>();

    private HealthState Health => voice.Services.GetRequiredService<HealthBoard>().Standings.Single(s => s.Provider == FrontDesk.Vapi).State;

    [Fact]
    public async Task A_Vapi_that_takes_the_socket_and_stays_mute_is_found_out_by_three_calls_and_the_next_is_ours()
    {
        voice.MakeWell();
        voice.Bypass = _ => new BypassPlan { Death = BypassDeath.Mute };
        var mute = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => voice.CallAsync(Cancellation)));
        await Eventually.IsTrueAsync(() => Task.FromResult(Health is { Phase: HealthPhase.Down, Cause: HealthCause.Late }), TimeSpan.FromSeconds(20), "nobody noticed that Vapi is mute");
        var asked = voice.Asked;
        await using var phone = await voice.CallAsync(Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("Harbor Street Clinic, how can I help you?");
        voice.Asked.ShouldBe(asked, "it is known to be down");
        await phone.HangUpAsync();
        foreach (var call in mute)
        {
            call.HeardText.ShouldBeEmpty();
            call.Verbs.ShouldBe(["Connect"]);
            await call.HangUpAsync();
            await call.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_Vapi_that_talks_is_not_suspected()
    {
        voice.MakeWell();
        await using var phone = await voice.CallAsync(Cancellation);
        Watch.Watched.ShouldBe(1);
        (await phone.ListenAsync(Cancellation)).ShouldContain("this is Vapi");
        await Eventually.IsTrueAsync(() => Task.FromResult(Watch.Watched == 0), TimeSpan.FromSeconds(20), "the call was not judged");
        Health.Phase.ShouldBe(HealthPhase.Healthy);
        await phone.HangUpAsync();
    }

    [Fact]
    public async Task A_caller_who_hangs_up_before_the_first_event_says_nothing_of_Vapi()
    {
        voice.MakeWell();
        voice.Bypass = _ => new BypassPlan { Death = BypassDeath.Mute };
        await using var phone = await voice.CallAsync(Cancellation);
        await phone.HangUpAsync();
        await Eventually.IsTrueAsync(() => Task.FromResult(Watch.Watched == 0), TimeSpan.FromSeconds(20), "the call is still watched");
        Health.Phase.ShouldBe(HealthPhase.Healthy);
    }
}

/// <summary>Less patience than in service, more than a busy machine needs to tell of a call.</summary>
public sealed class FirstEventFixture(PostgresCluster cluster, RedisServer redis) : FrontDoorFixture(cluster, redis)
{
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(base.Settings, StringComparer.Ordinal) { ["Voice:FrontDoor:FirstEventSeconds"] = "4" };
}
