using Microsoft.Extensions.DependencyInjection;
using ToolBackend.LocalStack.Simulators.Deepgram;
using ToolBackend.LocalStack.Simulators.ElevenLabs;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.LocalStack.Simulators.Sockets;
using ToolBackend.LocalStack.Simulators.Twilio.Phone;
using ToolBackend.LocalStack.Simulators.Voices;
using ToolBackend.Testing;
using ToolBackend.Voice.Sessions;

namespace ToolBackend.Voice.Tests.Calls;

/// <summary>Vendors with the delays of row L8: a final 150 ms behind the last word, a first token after 200 ms, a first byte after 120 ms.</summary>
public sealed class LoadRowsFixture(PostgresCluster cluster, RedisServer redis) : VoiceFixture(cluster, redis)
{
    public static readonly TimeSpan FirstToken = TimeSpan.FromMilliseconds(200), FirstByte = TimeSpan.FromMilliseconds(120);

    protected override DeepgramSimulatorOptions DeepgramOptions => new() { Timing = new DeepgramTiming { EndOfTurnAfter = TimeSpan.FromMilliseconds(150) } };

    protected override ElevenLabsSimulatorOptions ElevenLabsOptions => new() { Timing = new VoiceTiming { FirstByte = FirstByte } };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Language.Timing = new TokenTiming { FirstToken = FirstToken };
    }
}

/// <summary>Rows L7 to L10 of the reliability table, as far as a test can hold them: what must be true of every call. The figures under load come from <c>./dev bench voice</c>.</summary>
public sealed class LoadRowsTests(LoadRowsFixture voice) : IClassFixture<LoadRowsFixture>
{
    private const string Reply = "Your appointment is tomorrow at nine. Please bring your card. See you then.";

    private static readonly TimeSpan s_perToken = TimeSpan.FromMilliseconds(10);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task L7_calls_at_once_are_all_answered_whole_and_never_run_dry()
    {
        voice.Language.Script = _ => CompletionAnswer.Say(Reply);
        var phones = await Task.WhenAll(Enumerable.Range(0, LongForm.Count(6, 50)).Select(async i =>
        {
            var phone = await voice.CallAsync(Cancellation, $"+1206555{1000 + i}");
            await phone.ListenAsync(Cancellation);
            for (var turn = 0; turn < LongForm.Count(1, 30); turn++)
            {
                await phone.SayAsync("When is my appointment?", Cancellation);
                (await phone.ListenAsync(Cancellation)).ShouldBe(Reply);
            }

            await phone.HangUpAsync();
            return phone;
        }));
        foreach (var phone in phones)
        {
            phone.Record.Underruns.ShouldBe(0);
            phone.Record.Violations.ShouldBeEmpty();
            await phone.DisposeAsync();
        }
    }

    [Fact]
    public async Task L8_a_turn_takes_what_the_vendors_take_and_at_most_60_ms_more()
    {
        voice.Language.Script = _ => CompletionAnswer.Say(Reply);
        var connections = voice.Deepgram.Connections.Count;
        await using var phone = await voice.CallAsync(Cancellation);
        await phone.ListenAsync(Cancellation);
        var silences = new List<TimeSpan>();
        for (var turn = 0; turn < LongForm.Count(5, 60); turn++)
        {
            await phone.SayAsync("When is my appointment?", Cancellation);
            var said = phone.Record.Said[^1].At;
            await phone.ListenAsync(Cancellation, quiet: TimeSpan.FromMilliseconds(400));
            var heard = phone.Record.OnsetAfter(said);
            var over = voice.Deepgram.Connections.All.Skip(connections).Single().Sent.Last(m => m.Kind is "EndOfTurn" && m.At < heard).At;
            silences.Add(phone.Elapsed(over, heard));
        }

        silences.Sort();
        // To the word that completes the first clause; speculation may have begun before the turn was over. Of a busy machine the median tells, of a quiet one the 95th of a hundred.
        var sum = LoadRowsFixture.FirstToken + (s_perToken * Reply.Split(' ').Length) + LoadRowsFixture.FirstByte;
        TestContext.Current.TestOutputHelper?.WriteLine($"End of turn to first audio: median {silences[silences.Count / 2].TotalMilliseconds:0} ms, longest {silences[^1].TotalMilliseconds:0} ms; the vendors' sum is {sum.TotalMilliseconds:0} ms.");
        silences[(int)(silences.Count * (LongForm.Count(0, 1) == 1 ? 0.95 : 0.5))].ShouldBeLessThan(sum + TimeSpan.FromMilliseconds(60));
    }

    [Fact]
    public async Task L9_who_interrupts_hears_nothing_stale()
    {
        voice.Language.Script = _ => CompletionAnswer.Say($"{Reply} {Reply}");
        var calls = new List<(TwilioPhone Phone, SimulatedConnection Ears)>();
        for (var call = 0; call < LongForm.Count(1, 5); call++)
        {
            var connections = voice.Deepgram.Connections.Count;
            var phone = await voice.CallAsync(Cancellation);
            await phone.ListenAsync(Cancellation);
            calls.Add((phone, voice.Deepgram.Connections.All.Skip(connections).Single()));
        }

        await Task.WhenAll(calls.Select(c => InterruptAsync(c.Phone, c.Ears, LongForm.Count(2, 10))));
    }

    private static async Task InterruptAsync(TwilioPhone caller, SimulatedConnection ears, int times)
    {
        await using var phone = caller;
        for (var turn = 0; turn < times; turn++)
        {
            var cleared = phone.Record.Clears.Count;
            await phone.SayAsync("When is my appointment?", Cancellation);
            await phone.HearAsync("your card", Cancellation);
            await phone.SayAsync("Wait a moment please.", Cancellation);
            await phone.ListenAsync(Cancellation);
            phone.Record.Clears.Count.ShouldBe(cleared + 1);
            var clear = phone.Record.Clears[^1];
            var sent = ears.Sent;
            var over = sent.First(m => m.Kind is "EndOfTurn" && m.At > clear).At;
            phone.Record.OnsetAfter(clear).ShouldBeGreaterThan(over, "sound of the reply that was cut");
            phone.Elapsed(sent.Last(m => m.At < clear && m.Detail.Length > 0).At, clear).ShouldBeLessThan(TimeSpan.FromMilliseconds(500));
        }
    }

    [Fact]
    public async Task L10_calls_that_are_over_leave_nothing_behind()
    {
        voice.Language.Script = _ => CompletionAnswer.Say(Reply);
        var registry = voice.Services.GetRequiredService<CallRegistry>();
        var sessions = new List<WeakReference>();
        var rounds = LongForm.Count(2, 60);
        long heap = 0;
        for (var round = 0; round < rounds; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => CallAsync(sessions, registry)));
            if (round == Math.Min(5, rounds - 1))
            {
                heap = GC.GetTotalMemory(forceFullCollection: true);
            }
        }

        await Eventually.IsTrueAsync(() => Task.FromResult(registry is { Taken: 0, Live: 0 } && voice.Deepgram.Connections.OpenCount == 0), TimeSpan.FromSeconds(5), "seats or vendors' connections of calls that are over");
        await Eventually.IsTrueAsync(
            () =>
            {
                GC.Collect();
                return Task.FromResult(sessions.TrueForAll(s => !s.IsAlive));
            },
            TimeSpan.FromSeconds(10), "a session of a call that is over is still held");
        sessions.Count.ShouldBe(rounds * 4);
        TestContext.Current.TestOutputHelper?.WriteLine($"{sessions.Count} calls; heap {(GC.GetTotalMemory(forceFullCollection: true) - heap) / 1024:N0} kB more than after {Math.Min(6, rounds)} rounds.");
    }

    private async Task CallAsync(List<WeakReference> sessions, CallRegistry registry)
    {
        await using var phone = await voice.CallAsync(Cancellation);
        await phone.ListenAsync(Cancellation);
        Remember(sessions, registry, phone.CallSid);
        await phone.SayAsync("When is my appointment?", Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe(Reply);
        await phone.HangUpAsync();
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void Remember(List<WeakReference> sessions, CallRegistry registry, string callSid)
    {
        lock (sessions)
        {
            sessions.Add(new WeakReference(registry.Find(callSid).ShouldNotBeNull()));
        }
    }
}
