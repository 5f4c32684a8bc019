using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.Testing;
using ToolBackend.Voice.Tests.CallLog;

namespace ToolBackend.Voice.Tests.Calls;

/// <summary>A call while its log cannot be written. With a server of its own: it is stopped.</summary>
public sealed class CallLogOutageTests(RedisServer redis)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_goes_on_without_Postgres_and_is_in_the_log_when_it_is_back()
    {
        await using var cluster = new PostgresCluster();
        await cluster.InitializeAsync();
        await using var voice = new VoiceFixture(cluster, redis);
        await voice.InitializeAsync();
        voice.Language.Script = _ => CompletionAnswer.Say("On Thursday at two thirty.");
        string callSid;
        await using (var phone = await voice.CallAsync(Cancellation))
        {
            callSid = phone.CallSid;
            await phone.ListenAsync(Cancellation);
            await cluster.Server.StopAsync(Cancellation);
            await phone.SayAsync("When is my next appointment?", Cancellation);
            (await phone.ListenAsync(Cancellation)).ShouldBe("On Thursday at two thirty.");
            await phone.HangUpAsync();
        }

        await cluster.Server.StartAsync(Cancellation);
        var call = await StoredCalls.ReportedAsync(voice.ConnectionString, callSid, TimeSpan.FromSeconds(30));
        call.EndedReason.ShouldBe("customer-ended-call");
        call.Transcript.Select(l => l.Text).ShouldBe(["Harbor Street Clinic, how can I help you?", "When is my next appointment?", "On Thursday at two thirty."]);
        call.Turns.ShouldHaveSingleItem();
        call.Anomalies.ShouldBeEmpty();
    }
}
