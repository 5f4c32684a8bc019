using ToolBackend.LocalStack.Processes;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.LocalStack.Simulators.Twilio.Phone;
using ToolBackend.Testing;
using ToolBackend.Voice.Tests.CallLog;

namespace ToolBackend.Voice.Tests.Calls;

public sealed class StoppedFixture(PostgresCluster cluster, RedisServer redis) : VoiceFixture(cluster, redis)
{
    /// <summary>Of a replica that a test stops.</summary>
    public string ReplicaUrl { get; } = $"http://127.0.0.1:{FreePort.Next()}";

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(StringComparer.Ordinal) { ["Voice:PublicUrl"] = ReplicaUrl };
}

/// <summary>A host that is stopped at once ends its calls, and what they leave is stored: the log's writer stops behind the last of them.</summary>
public sealed class StoppedHostTests(StoppedFixture voice) : IClassFixture<StoppedFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_that_a_stop_ends_are_reported()
    {
        voice.Language.Script = _ => CompletionAnswer.Say("Your parcel left the depot in Tacoma this morning. It should reach you on Thursday between two and four.");
        var log = new CapturedLog();
        var replica = await voice.StartHostAsync(voice.ReplicaUrl, log);
        var phones = new List<TwilioPhone>();
        try
        {
            for (var i = 0; i < 5; i++)
            {
                phones.Add(await TwilioPhone.CallAsync(voice.Phone() with { VoiceUrl = voice.ReplicaUrl + "/twilio/voice", StatusCallback = null }, Cancellation));
            }

            await Task.WhenAll(phones.Select(p => p.HearAsync("how can I", Cancellation)));
            await replica.StopAsync(Cancellation);
            foreach (var phone in phones)
            {
                var call = await StoredCalls.ReportedAsync(voice.ConnectionString, phone.CallSid);
                call.EndedReason.ShouldBe("pipeline.drained");
                call.Transcript.ShouldHaveSingleItem().Text.ShouldStartWith("Harbor Street Clinic, how can");
            }

            log.Lines.ShouldNotContain(l => l.StartsWith("Error", StringComparison.Ordinal));
        }
        finally
        {
            foreach (var phone in phones)
            {
                await phone.DisposeAsync();
            }

            await replica.DisposeAsync();
        }
    }
}
