using ToolBackend.LocalStack.Simulators.AssemblyAi;
using ToolBackend.LocalStack.Simulators.Twilio.Phone;
using ToolBackend.Testing;

namespace ToolBackend.Voice.Tests.Calls.Faults;

/// <summary>Every vendor of the receptionist's chains, and calls in which one of them fails turn after turn.</summary>
public sealed class FaultFixture(PostgresCluster cluster, RedisServer redis) : VoiceFixture(cluster, redis)
{
    /// <summary>The mark is 1.5 s; the rest is for a machine that runs other tests.</summary>
    private static readonly TimeSpan s_extraSilence = TimeSpan.FromSeconds(1.5 + 1);

    public AssemblyAiSimulator AssemblyAi { get; private set; } = null!;

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Vendors:AssemblyAi:BaseUrl"] = AssemblyAi.Url,
        ["Vendors:AssemblyAi:ApiKey"] = AssemblyAi.ApiKey,
        ["Vendors:Together:BaseUrl"] = Language.Url,
        ["Vendors:Together:ApiKey"] = Language.ApiKey,
        ["Vendors:Fireworks:BaseUrl"] = Language.Url,
        ["Vendors:Fireworks:ApiKey"] = Language.ApiKey,
    };

    public override async ValueTask InitializeAsync()
    {
        AssemblyAi = await AssemblyAiSimulator.StartAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await AssemblyAi.DisposeAsync();
    }

    /// <summary>
    /// A call: an undisturbed turn, then turns with the fault (2, in the long form 20), then an undisturbed one. Each is answered whole, in order, with nothing heard twice beyond one sentence, and
    /// stands once in what the model reads afterwards.
    /// </summary>
    /// <param name="strike">Makes the fault, before the caller speaks. Given the number of the turn, from 1.</param>
    public async Task SurviveAsync(Action<int> strike, CancellationToken cancellation)
    {
        Reset();
        await using var phone = await CallAsync(cancellation);
        await phone.ListenAsync(cancellation, quiet: TimeSpan.FromMilliseconds(400));
        var usual = await TurnAsync(phone, 0, cancellation);
        var worst = TimeSpan.Zero;
        var turns = LongForm.Count(2, 20);
        for (var turn = 1; turn <= turns; turn++)
        {
            strike(turn);
            var silence = await TurnAsync(phone, turn, cancellation);
            Clear();
            worst = silence > worst ? silence : worst;
        }

        await TurnAsync(phone, turns + 1, cancellation);
        var extra = worst - usual;
        TestContext.Current.TestOutputHelper?.WriteLine($"Longest silence of a turn: {usual.TotalMilliseconds:0} ms undisturbed, {worst.TotalMilliseconds:0} ms with the fault: {extra.TotalMilliseconds:0} ms more.");
        extra.ShouldBeLessThan(s_extraSilence);
        phone.Over.IsCompleted.ShouldBeFalse();
        phone.Record.Violations.ShouldBeEmpty();
        var asked = Conversation.LastRequest(Language);
        for (var turn = 0; turn <= turns; turn++)
        {
            asked.ShouldContain($"\nassistant: {Conversation.Reply(turn)}\n");
        }
    }

    /// <returns>The longest silence from the caller's last word to the reply's last.</returns>
    private async Task<TimeSpan> TurnAsync(TwilioPhone phone, int turn, CancellationToken cancellation)
    {
        var before = phone.Record.Heard.Count;
        await phone.SayAsync($"Question {turn} please.", cancellation);
        var asked = phone.Record.Said[^1].At;
        await phone.ListenUntilAsync(Conversation.Reply(turn).Split(' ')[^1], cancellation);
        var heard = phone.Record.Heard.Skip(before).ToList();
        HeardWords.ShouldSay([.. heard.Where(w => w.IsWhole).Select(w => w.Text)], Conversation.Reply(turn));
        var times = heard.Select(w => w.At).Prepend(asked).ToList();
        return times.Zip(times.Skip(1)).Max(pair => phone.Elapsed(pair.First, pair.Second));
    }

    private void Reset()
    {
        Clear();
        Language.Requests.Clear();
        Language.Script = Conversation.Answer;
    }

    private void Clear()
    {
        Language.Faults.Clear();
        Language.StreamFaults.Clear();
        Deepgram.Faults.Clear();
        Deepgram.SocketFaults.Clear();
        ElevenLabs.Faults.Clear();
        ElevenLabs.SocketFaults.Clear();
        AssemblyAi.SocketFaults.Clear();
    }
}
