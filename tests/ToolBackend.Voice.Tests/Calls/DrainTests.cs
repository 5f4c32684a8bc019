using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.LocalStack.Simulators.Twilio.Phone;
using ToolBackend.Testing;
using ToolBackend.Voice.Hosting;

namespace ToolBackend.Voice.Tests.Calls;

public sealed class DrainVoiceFixture(PostgresCluster cluster, RedisServer redis) : VoiceFixture(cluster, redis)
{
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(StringComparer.Ordinal) { ["Voice:MaxDrainSeconds"] = "24", ["Voice:MaxCalls"] = "2" };
}

/// <summary>Admission, and row F12: a stop cuts nobody off.</summary>
public sealed class DrainTests(DrainVoiceFixture voice) : IClassFixture<DrainVoiceFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task F12_live_calls_go_on_new_ones_go_elsewhere_and_stragglers_hear_a_sentence()
    {
        voice.Language.Script = _ => CompletionAnswer.Say("Certainly.");
        await using var ends = await voice.CallAsync(Cancellation);
        await using var stays = await voice.CallAsync(Cancellation);
        await ends.ListenAsync(Cancellation);
        await stays.ListenAsync(Cancellation);

        // Beyond the cap a call is shed at once, and those that were let in notice nothing.
        await using (var shed = await TwilioPhone.DialAsync(voice.Phone(), Cancellation))
        {
            await shed.Over;
            shed.Verbs.ShouldBe(["Say I'm sorry, all lines are busy right now. Please call again in a few minutes.", "Hangup"]);
        }

        using var lifetime = ActivatorUtilities.CreateInstance<VoiceLifetime>(voice.Services);
        lifetime.Stop();
        await ends.SayAsync("Are you still there?", Cancellation);
        (await ends.ListenAsync(Cancellation)).ShouldBe("Certainly.");
        await ends.HangUpAsync();
        using (var http = new HttpClient())
        {
            (await http.GetAsync(voice.Url + "/readyz", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        }

        await using (var late = await TwilioPhone.DialAsync(voice.Phone(), Cancellation))
        {
            await late.Over;
            late.Verbs[^1].ShouldBe("Hangup");
            late.Verbs.ShouldNotContain("Connect");
        }

        await stays.HearAsync("I have to end the call now", Cancellation, TimeSpan.FromSeconds(30));
        await stays.Over.WaitAsync(TimeSpan.FromSeconds(15), Cancellation);
        stays.Verbs.ShouldBe(["Connect", "Hangup"]);
        stays.HeardText.ShouldEndWith("Goodbye.");
        await Eventually.IsTrueAsync(() => Task.FromResult(voice.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested), TimeSpan.FromSeconds(3), "the host did not stop");
    }
}
