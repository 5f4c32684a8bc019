using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ToolBackend.Core.Data.Seeding;
using ToolBackend.LocalStack.Processes;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.Testing;
using ToolBackend.Voice.Sessions;
using ToolBackend.Voice.Tests.CallLog;

namespace ToolBackend.Voice.Tests.Calls;

/// <summary>Two replicas behind one address, which sends webhooks to the first and media sockets to the second.</summary>
public sealed class ReplicaFixture(PostgresCluster cluster, RedisServer redis) : VoiceFixture(cluster, redis)
{
    private readonly int _front = FreePort.Next();
    private readonly int _second = FreePort.Next();
    private WebApplication? _replica;
    private volatile bool _toFirst;
    private SplitFront? _balancer;

    public IServiceProvider Second => _replica!.Services;

    /// <summary>Sends the next media sockets to the first replica instead.</summary>
    public bool MediaToFirst
    {
        set => _toFirst = value;
    }

    public string PublicUrl => $"http://127.0.0.1:{_front}";

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Voice:PublicUrl"] = PublicUrl, ["Voice:StreamKey"] = "a key that both replicas of the test have",
    };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _replica = await StartHostAsync($"http://127.0.0.1:{_second}", Log);
        _balancer = new SplitFront(_front, isMedia => isMedia && !_toFirst ? _second : new Uri(Url).Port);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_balancer is not null)
        {
            await _balancer.DisposeAsync();
        }

        if (_replica is not null)
        {
            await _replica.StopAsync();
            await _replica.DisposeAsync();
        }

        await base.DisposeAsync();
    }
}

public sealed class ReplicaTests(ReplicaFixture voice) : IClassFixture<ReplicaFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_whose_socket_comes_to_another_replica_than_its_webhook_is_served_there_with_the_callers_own_scope()
    {
        voice.Language.Script = request => request.FreshResults is [var result, ..] ? CompletionAnswer.Say(result.Content) : CompletionAnswer.Call("list_appointments", "{}");
        var options = voice.Phone() with { VoiceUrl = voice.PublicUrl + "/twilio/voice", StatusCallback = null };
        await using var phone = await LocalStack.Simulators.Twilio.Phone.TwilioPhone.CallAsync(options, Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("Harbor Street Clinic, how can I help you?");
        var (first, second) = (voice.Services.GetRequiredService<CallRegistry>(), voice.Second.GetRequiredService<CallRegistry>());
        first.Live.ShouldBe(0);
        second.Live.ShouldBe(1);
        second.Taken.ShouldBe(1);

        await phone.SayAsync("When is my next appointment?", Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldStartWith("The caller has one appointment."); // of the number that called: sealed by the first, believed by the second
        await phone.HangUpAsync();
        await phone.Over.WaitAsync(TimeSpan.FromSeconds(5), Cancellation);
        await Eventually.IsTrueAsync(() => Task.FromResult(second.Taken == 0), TimeSpan.FromSeconds(5), "the seat was not freed");
        (await StoredCalls.ReportedAsync(voice.ConnectionString, phone.CallSid)).EndedReason.ShouldBe("customer-ended-call");
    }

    [Fact]
    public async Task A_transfer_that_one_replica_began_without_REST_goes_on_at_the_other_which_knows_what_was_said()
    {
        var asked = new List<CompletionRequest>();
        voice.Language.Script = request =>
        {
            asked.Add(request);
            return request.LastUserText.Contains("person", StringComparison.Ordinal) ? CompletionAnswer.Call("transferCall", "{}") : CompletionAnswer.Say("I will tell them.");
        };
        var options = voice.Phone() with { VoiceUrl = voice.PublicUrl + "/twilio/voice", StatusCallback = null, Account = null, Dial = _ => "no-answer" };
        await using var phone = await LocalStack.Simulators.Twilio.Phone.TwilioPhone.CallAsync(options, Cancellation); // REST does not know the call
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("Can I talk to a person?", Cancellation);
        await phone.HearAsync("connecting you", Cancellation);
        voice.MediaToFirst = true;
        try
        {
            await phone.HearAsync("nobody could take your call", Cancellation);
            await phone.ListenAsync(Cancellation);
            voice.Services.GetRequiredService<CallRegistry>().Live.ShouldBe(1);
            await phone.SayAsync("Tell them I called.", Cancellation);
            (await phone.ListenAsync(Cancellation)).ShouldBe("I will tell them.");
            await phone.HangUpAsync();
        }
        finally
        {
            voice.MediaToFirst = false;
        }

        phone.Verbs.ShouldBe(["Connect", phone.Verbs[1], "Connect"]);
        phone.Verbs[1].ShouldStartWith("Dial +1206555011");
        asked[^1].Messages.ShouldContain(m => m.Content == "Can I talk to a person?");
    }
}
